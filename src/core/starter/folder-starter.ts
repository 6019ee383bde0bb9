/** A starter for a folder of which nothing is known: its files, as they are, on nothing. */
import type { ProjectView } from './project-view.ts';
import { neverCopied, type Starter, warningOf } from './starter.ts';

export function folderStarter(view: ProjectView): Starter {
  const isEmpty = view.names().every(isNeverCopied);
  return {
    project: 'plain folder',
    seen: [isEmpty ? 'nothing to copy' : 'its files'],
    from: 'scratch',
    layers: [{ copy: '.', exclude: neverCopied }],
    before: [],
    warnings: isEmpty ? [nothingYet] : [],
  };
}

/** As the patterns of `neverCopied` have it. */
function isNeverCopied(name: string): boolean {
  return name.startsWith('.') || name.startsWith('oci.config.') || name === 'oci.lock';
}

const nothingYet = warningOf(
  'init/not-built',
  'the folder holds nothing that the recipe would copy',
  'before the first build: put the files of the image there',
);
