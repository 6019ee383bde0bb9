/** Diagnostic codes of the area `layer/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const layerCodes = {} as const satisfies CatalogueArea<'layer'>;
