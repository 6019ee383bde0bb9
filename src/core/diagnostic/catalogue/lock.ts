/** Diagnostic codes of the area `lock/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const lockCodes = {
  'lock/unreadable': {
    exit: 'usage',
    summary: 'oci.lock is not a lock: its YAML is broken, or holds what a lock does not hold.',
  },
  'lock/version': {
    exit: 'usage',
    summary: 'oci.lock was written by a layerwright whose locks this one cannot read.',
  },
  'lock/layer-format': {
    exit: 'usage',
    summary: 'oci.lock was made for another version of the bytes of layers, so all digests would be others.',
  },
  'lock/missing': {
    exit: 'usage',
    summary: 'The recipe names something that oci.lock does not pin, and it may not be resolved now.',
  },
  'lock/stale': {
    exit: 'usage',
    summary: 'oci.lock pins something that the recipe does not name any more.',
  },
  'lock/disagrees': {
    exit: 'usage',
    summary: 'oci.lock gives a reference another digest than the one that stands in the reference.',
  },
  'lock/mismatch': {
    exit: 'integrity',
    summary: 'What is pinned does not fit together: the locked index does not lead to the locked manifest.',
  },
  'lock/unwritable': {
    exit: 'resource',
    summary: 'oci.lock cannot be read or written.',
  },
} as const satisfies CatalogueArea<'lock'>;
