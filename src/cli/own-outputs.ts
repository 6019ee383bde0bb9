/** A build that writes into what it reads would never come to rest: each image would hold the one before. */
import { dirname, relative, resolve } from 'node:path';
import type { RecipePlan } from '../build.ts';
import { escapeText, quoteText } from '../core/diagnostic/escape-text.ts';
import { formatTransportReference } from '../core/recipe/transport-reference.ts';
import type { FolderWatch } from '../io/watch/folder-watch.ts';
import { CommandError } from './command-error.ts';
import { isCopied } from './copied-output.ts';
import type { PlannedDelivery } from './deliver-all.ts';

/** Throws `watch/output-in-source`. `folders` are those that the plan read. */
export function refuseOwnOutputs(
  deliveries: readonly PlannedDelivery[],
  planned: RecipePlan,
  folders: Pick<FolderWatch, 'covers'>,
): void {
  for (const { destination, folder } of deliveries) {
    if (!('path' in destination)) continue;
    const path = resolve(folder, destination.path);
    if (!folders.covers(path) && !(folders.covers(dirname(path)) && isCopied(path, planned))) continue;
    const name = escapeText(formatTransportReference(destination));
    throw new CommandError(
      'watch/output-in-source',
      `${name} is written into a folder that the image holds`,
      {
        help: `add ${quoteText(relative(planned.contextFolder, path))} to .dockerignore, or write it elsewhere`,
      },
    );
  }
}
