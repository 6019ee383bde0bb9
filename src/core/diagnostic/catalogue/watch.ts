/** Diagnostic codes of the area `watch/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const watchCodes = {
  'watch/no-notice': {
    summary: 'The system tells of no changes in some folder, so changes are looked for every second.',
  },
  'watch/command-failed': {
    exit: 'userCommand',
    summary: 'The command of --exec failed; the watch goes on.',
  },
  'watch/output-in-source': {
    exit: 'usage',
    summary: 'An image is written into a folder that it holds, so that no build would be the last.',
  },
} as const satisfies CatalogueArea<'watch'>;
