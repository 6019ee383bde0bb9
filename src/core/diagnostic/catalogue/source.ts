/** Diagnostic codes of the area `source/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const sourceCodes = {} as const satisfies CatalogueArea<'source'>;
