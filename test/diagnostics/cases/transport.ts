/** What goes wrong in the area `transport/`. */
import type { DiagnosticCase } from '../diagnostic-case.ts';

export const transportCases: readonly DiagnosticCase[] = [];
