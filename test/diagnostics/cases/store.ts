/** What goes wrong in the area `store/`. */
import type { DiagnosticCase } from '../diagnostic-case.ts';

export const storeCases: readonly DiagnosticCase[] = [];
