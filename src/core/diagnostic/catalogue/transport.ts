/** Diagnostic codes of the area `transport/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const transportCodes = {} as const satisfies CatalogueArea<'transport'>;
