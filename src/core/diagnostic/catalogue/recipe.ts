/** Diagnostic codes of the area `recipe/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const recipeCodes = {} as const satisfies CatalogueArea<'recipe'>;
