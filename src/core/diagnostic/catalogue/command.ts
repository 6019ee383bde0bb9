/** Diagnostic codes of the area `command/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const commandCodes = {} as const satisfies CatalogueArea<'command'>;
