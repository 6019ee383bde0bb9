/** What goes wrong in the area `bundle/`. */
import type { DiagnosticCase } from '../diagnostic-case.ts';

export const bundleCases: readonly DiagnosticCase[] = [];
