/** What goes wrong in the area `command/`. */
import type { DiagnosticCase } from '../diagnostic-case.ts';

export const commandCases: readonly DiagnosticCase[] = [];
