/**
 * A workspace, or another folder that a project depends on, with the files that `npm pack` would take: npm's own list
 * (npm-packlist) says which. What looks like a secret is refused as in a copy.
 */
import { lstatSync } from 'node:fs';
import { commandsOf } from '../../core/npm/command-links.ts';
import type { PackageFile, PackageTree } from '../../core/npm/package-files.ts';
import { textOf } from '../../core/npm/read-json.ts';
import { comparePaths, foldersAboveAll, type ImagePath, joinPath } from '../../core/tree/image-path.ts';
import { systemPath } from './context-path.ts';
import type { JsonFile } from './npm-project.ts';
import type { Problems } from './problem-collector.ts';
import { namesBelow, placeBelow } from './read-place.ts';
import type { Reading } from './reading.ts';
import { createSecretGuard, type SecretGuard } from './secret-guard.ts';
import { sourceErrorOf } from './source-error.ts';

export interface LocalFolder {
  /** Relative to the context. */
  readonly folder: ImagePath;
  readonly manifest: JsonFile;
  /** The folder of the lock, whose ignore files count for workspaces too. */
  readonly root: ImagePath;
}

/** Throws SourceError; secrets are told to `problems`. */
export async function readLocalPackage(
  local: LocalFolder,
  { reading, problems }: { readonly reading: Reading; readonly problems: Problems },
): Promise<PackageTree> {
  const { folder } = local;
  const paths = await packedPaths(reading, local);
  tellPlaces(reading, folder, paths);
  const secrets = createSecretGuard({ allowSecrets: [], folder, gate: reading.gate });
  const files = paths.flatMap((path) => fileAt(reading, { folder, path, secrets }) ?? []);
  secrets.report(problems);
  const folders = [...foldersAboveAll(files.map(({ path }) => path))].sort(comparePaths);
  return { files, folders };
}

async function packedPaths(reading: Reading, { folder, manifest, root }: LocalFolder): Promise<ImagePath[]> {
  const { default: packlist } = await import('npm-packlist');
  const path = `${reading.context}/${folder}`;
  // What stands in its node_modules comes out of the lock, so nothing is bundled here.
  const { bundleDependencies: _one, bundledDependencies: _other, bin, ...content } = manifest.map;
  const commands = commandsOf(bin, textOf(content['name']) ?? '').map(
    ({ name, file }) => [name, file] as const,
  );
  const { files, ...others } = content;
  const listed = Array.isArray(files) ? { files: files.filter((file) => typeof file === 'string') } : {};
  const normal = { ...others, ...listed, bin: Object.fromEntries(commands) };
  const tree = { path, package: normal, isProjectRoot: true, edgesOut: new Map() };
  const prefix = root === '' ? reading.context : `${reading.context}/${root}`;
  try {
    const found = await packlist(tree, { path, prefix, workspaces: [path] });
    return [...new Set(found)].sort(comparePaths) as ImagePath[];
  } catch (error) {
    throw sourceErrorOf(error, 'reading', folder);
  }
}

/** New files may appear in any folder that one was taken from. */
function tellPlaces({ context, onRead }: Reading, folder: ImagePath, paths: readonly ImagePath[]): void {
  onRead(namesBelow(context, folder));
  for (const above of foldersAboveAll(paths)) onRead(namesBelow(context, joinPath(folder, above)));
  for (const path of paths) onRead(placeBelow(context, joinPath(folder, path)));
}

function fileAt(
  { context, digester }: Reading,
  found: { readonly folder: ImagePath; readonly path: ImagePath; readonly secrets: SecretGuard },
): PackageFile | undefined {
  const { folder, path, secrets } = found;
  const inContext = joinPath(folder, path);
  if (secrets.refuses(path, inContext) || secrets.holdsKey(path, inContext)) return undefined;
  try {
    const stats = lstatSync(systemPath(context, inContext), { bigint: true });
    if (!stats.isFile()) return undefined;
    const { digest } = digester.digest(inContext, stats);
    const mode = (stats.mode & 0o100n) === 0n ? 0o644 : 0o755;
    return { path, mode, size: Number(stats.size), digest, offset: 0 };
  } catch (error) {
    throw sourceErrorOf(error, 'reading', inContext);
  }
}
