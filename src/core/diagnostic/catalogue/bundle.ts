/** Diagnostic codes of the area `bundle/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const bundleCodes = {} as const satisfies CatalogueArea<'bundle'>;
