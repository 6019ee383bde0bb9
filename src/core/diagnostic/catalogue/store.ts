/** Diagnostic codes of the area `store/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const storeCodes = {} as const satisfies CatalogueArea<'store'>;
