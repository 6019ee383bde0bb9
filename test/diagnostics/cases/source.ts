/** What goes wrong in the area `source/`. */
import type { DiagnosticCase } from '../diagnostic-case.ts';

export const sourceCases: readonly DiagnosticCase[] = [];
