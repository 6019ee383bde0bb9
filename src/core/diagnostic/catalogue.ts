/** Every diagnostic code, one file an area under catalogue/. A code is never reused for another meaning. */
import { bundleCodes } from './catalogue/bundle.ts';
import { cacheCodes } from './catalogue/cache.ts';
import { commandCodes } from './catalogue/command.ts';
import { debCodes } from './catalogue/deb.ts';
import { downloadCodes } from './catalogue/download.ts';
import { initCodes } from './catalogue/init.ts';
import { layerCodes } from './catalogue/layer.ts';
import { lintCodes } from './catalogue/lint.ts';
import { lockCodes } from './catalogue/lock.ts';
import { npmCodes } from './catalogue/npm.ts';
import { planCodes } from './catalogue/plan.ts';
import { recipeCodes } from './catalogue/recipe.ts';
import { registryCodes } from './catalogue/registry.ts';
import { serveCodes } from './catalogue/serve.ts';
import { sourceCodes } from './catalogue/source.ts';
import { storeCodes } from './catalogue/store.ts';
import { transportCodes } from './catalogue/transport.ts';
import { verifyCodes } from './catalogue/verify.ts';
import { watchCodes } from './catalogue/watch.ts';
import type { CatalogueEntry } from './catalogue-entry.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';

export const catalogue = {
  ...recipeCodes,
  ...lockCodes,
  ...npmCodes,
  ...planCodes,
  ...sourceCodes,
  ...debCodes,
  ...layerCodes,
  ...storeCodes,
  ...registryCodes,
  ...downloadCodes,
  ...transportCodes,
  ...bundleCodes,
  ...cacheCodes,
  ...serveCodes,
  ...initCodes,
  ...lintCodes,
  ...verifyCodes,
  ...watchCodes,
  ...commandCodes,
};

export type DiagnosticCode = keyof typeof catalogue;

export function catalogueEntry(code: DiagnosticCode): CatalogueEntry {
  return catalogue[code];
}

/** The exit code that an error with this code ends the command with. */
export function exitCodeOf(code: DiagnosticCode): ExitCode {
  return exitCodes[catalogueEntry(code).exit ?? 'failed'];
}
