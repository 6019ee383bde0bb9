/** This computer's own apt sources (sources.list(5)): only read, and only for where archives and their keys are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AptSource, parseAptSources } from '../../../core/deb/apt-sources.ts';
import { DebError } from '../../../core/deb/deb-error.ts';
import { escapeText } from '../../../core/diagnostic/escape-text.ts';
import { cureFor, isAbsent, systemWords } from '../../store/file-problem.ts';
import { namesIn } from '../../store/folder-names.ts';
import type { Machine } from '../machine.ts';

/** In apt's order: sources.list, then the files of sources.list.d by name. Flat archives are left out. */
export function aptSourcesOf({ aptFolder }: Pick<Machine, 'aptFolder'>): AptSource[] {
  const folder = join(aptFolder, 'sources.list.d');
  // apt.conf(5), and sources.list(5): other names, such as those that dpkg leaves behind, are passed over.
  const names = namesIn(folder).filter((name) => /^[\w.-]+\.(?:list|sources)$/.test(name));
  const files = [join(aptFolder, 'sources.list'), ...names.map((name) => join(folder, name))];
  return files
    .flatMap((file) => parseAptSources(textOf(file), file))
    .filter(({ suite }) => !suite.endsWith('/'));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return '';
    const message = `reading ${escapeText(file)} failed: ${systemWords(error)}`;
    throw new DebError('deb/no-source', message, { help: `${cureFor(error)}, or name a \`mirror\`` });
  }
}
