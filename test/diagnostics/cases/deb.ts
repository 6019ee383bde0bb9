/** Debian packages that cannot be read, and closures that do not exist. */
import type { Diagnostic } from '../../../src/core/diagnostic/diagnostic.ts';
import { parseSingleControl } from '../../../src/core/deb/control-file.ts';
import { requireOwnControl } from '../../../src/core/deb/own-control.ts';
import { parseRelease } from '../../../src/core/deb/release-file.ts';
import { resolvePackages } from '../../../src/core/deb/resolve-packages.ts';
import { type Fields, indexOf } from '../../core/deb/stanzas.ts';
import type { DiagnosticCase } from '../diagnostic-case.ts';
import { archiveCases } from './deb-archive.ts';

/** What resolving names among these packages finds. */
function resolved(names: string, packages: readonly Fields[]): { diagnostics: Diagnostic[] } {
  const sources = [{ index: indexOf(packages), priority: 500 }];
  const found = resolvePackages({
    sources,
    wanted: names.split(' ').map((name) => ({ name })),
    architecture: 'amd64',
    recommends: false,
  });
  const problems = found.ok ? [] : found.problems;
  return {
    diagnostics: problems.map(({ code, message, help }) => ({
      code,
      severity: 'error',
      message,
      ...(help === undefined ? {} : { help }),
    })),
  };
}

export const debCases: readonly DiagnosticCase[] = [
  {
    code: 'deb/malformed',
    make: () => {
      parseRelease('Suite: stable\nSHA256:\n 1234 main/binary-amd64/Packages\n', 'InRelease of bookworm');
      return { diagnostics: [] };
    },
  },
  {
    code: 'deb/other-package',
    make: () => {
      const control = parseSingleControl('Package: curl\nVersion: 8.14.1-2\nArchitecture: arm64\n', 'curl');
      requireOwnControl(control, { name: 'curl', version: '7.88.1-10', architecture: 'amd64' });
      return { diagnostics: [] };
    },
  },
  { code: 'deb/unknown-package', make: () => resolved('curll', [{ Package: 'curl' }]) },
  {
    code: 'deb/unsatisfiable',
    make: () => {
      const needy = { Package: 'curl', Depends: 'libcurl4 (= 7.88.1-10)' };
      return resolved('curl', [needy, { Package: 'libcurl4', Version: '7.88.1-9' }]);
    },
  },
  {
    code: 'deb/conflict',
    make: () =>
      resolved('exim4 postfix', [
        { Package: 'exim4', Conflicts: 'mail-transport-agent', Provides: 'mail-transport-agent' },
        { Package: 'postfix', Conflicts: 'mail-transport-agent', Provides: 'mail-transport-agent' },
      ]),
  },
  ...archiveCases,
];
