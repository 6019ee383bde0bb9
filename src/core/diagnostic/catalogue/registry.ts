/** Diagnostic codes of the area `registry/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const registryCodes = {} as const satisfies CatalogueArea<'registry'>;
