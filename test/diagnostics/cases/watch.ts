/** What a watch says beside what its builds say. */
import { basename } from 'node:path';
import { requireDestinations } from '../../../src/cli/deliver-all.ts';
import { refuseOwnOutputs } from '../../../src/cli/own-outputs.ts';
import type { Diagnostic } from '../../../src/core/diagnostic/diagnostic.ts';
import { Follower } from '../../../src/io/watch/follower.ts';
import { noNotice } from '../../../src/io/watch/no-notice.ts';
import type { DiagnosticCase } from '../diagnostic-case.ts';
import { inFolder, planOf } from '../project-case.ts';

export const watchCases: readonly DiagnosticCase[] = [
  {
    code: 'watch/no-notice',
    make: () => {
      const message = "ENOSPC: System limit for number of file watchers reached, watch '/work/api/dist'";
      return { diagnostics: [noNotice(Object.assign(new Error(message), { code: 'ENOSPC' }))] };
    },
  },
  {
    code: 'watch/command-failed',
    make: () =>
      inFolder(async (folder) => {
        const failure = await new Promise<Diagnostic>((onFailure) => {
          new Follower({ command: 'test -e server.pid', folder, onFailure }).restart(process.env);
        });
        return { diagnostics: [failure] };
      }),
  },
  {
    code: 'watch/output-in-source',
    make: async () => {
      const planned = await planOf({ recipe: ['layers: [{ copy: . }]'], files: { 'server.js': 'x' } });
      const { contextFolder: folder } = planned;
      const deliveries = requireDestinations(
        planned.portable.plan.images,
        { output: ['oci:out'] },
        { folder, ...planned },
      );
      refuseOwnOutputs(deliveries, planned, { covers: (path) => basename(path) === 'out' });
      return { diagnostics: [] };
    },
  },
];
