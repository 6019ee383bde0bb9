/** What goes wrong in the area `layer/`. */
import type { DiagnosticCase } from '../diagnostic-case.ts';

export const layerCases: readonly DiagnosticCase[] = [];
