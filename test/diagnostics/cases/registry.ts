/** What goes wrong in the area `registry/`. */
import type { DiagnosticCase } from '../diagnostic-case.ts';

export const registryCases: readonly DiagnosticCase[] = [];
