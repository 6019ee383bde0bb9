/** What goes wrong in the area `plan/`. */
import type { DiagnosticCase } from '../diagnostic-case.ts';

export const planCases: readonly DiagnosticCase[] = [];
