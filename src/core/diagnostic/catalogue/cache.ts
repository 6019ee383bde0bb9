/** Diagnostic codes of the area `cache/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const cacheCodes = {
  'cache/unavailable': {
    summary: 'A cache that --cache-from names cannot be read; the build goes on without it.',
  },
  'cache/entry-refused': {
    summary: 'An entry of a remote cache is not the layer that was planned; the layer is made here.',
  },
} as const satisfies CatalogueArea<'cache'>;
