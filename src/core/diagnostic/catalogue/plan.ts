/** Diagnostic codes of the area `plan/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const planCodes = {} as const satisfies CatalogueArea<'plan'>;
