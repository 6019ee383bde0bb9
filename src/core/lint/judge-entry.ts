/** All rules about one entry of a layer, by how much is known of it. */
import type { ContentSource, TreeEntry } from '../tree/file-tree.ts';
import type { ImagePath } from '../tree/image-path.ts';
import {
  archiveFinding,
  type BuildFacts,
  bytecodeFinding,
  pathFinding,
  timeFinding,
  type WrittenFile,
} from './build-traces.ts';
import type { FileFinding } from './file-finding.ts';
import { modeFindings } from './file-modes.ts';
import { leftoverFinding } from './leftovers.ts';
import { credentialFile, secretFindings } from './secret-texts.ts';

/** What shows without reading anything. */
export function judgeEntry(entry: TreeEntry, source: ContentSource | undefined): FileFinding[] {
  const leftover = source?.in === 'context' ? leftoverFinding(entry.path) : undefined;
  const credential =
    source === undefined || isDependency(entry.path) ? undefined : credentialFile(entry.path);
  return [...modeFindings(entry), ...listed(leftover), ...listed(credential)];
}

/** What a file of the context says. Packages of others are as they are published, but what was compiled here. */
export function judgeFile(
  file: WrittenFile & { readonly name: ImagePath },
  facts: BuildFacts,
): FileFinding[] {
  const path = listed(pathFinding(file, facts));
  if (isDependency(file.name)) return path;
  const times = [timeFinding(file, facts), archiveFinding(file), bytecodeFinding(file)].flatMap(listed);
  return [...path, ...times, ...secretFindings(file.name, file.text)];
}

export function isDependency(path: ImagePath): boolean {
  return path.split('/').includes('node_modules');
}

function listed<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}
