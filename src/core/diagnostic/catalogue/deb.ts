/** Diagnostic codes of the area `deb/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const debCodes = {
  'deb/malformed': {
    exit: 'untrusted',
    summary: 'A file of a Debian archive, or a package, is not written as its format says.',
  },
  'deb/unknown-package': {
    exit: 'usage',
    summary: 'A Debian package, or a version of it, is in none of the sources.',
  },
  'deb/unsatisfiable': {
    exit: 'usage',
    summary: 'Debian packages need what no source has.',
  },
  'deb/conflict': {
    exit: 'usage',
    summary: 'Debian packages that are asked for, or needed, exclude each other.',
  },
} as const satisfies CatalogueArea<'deb'>;
