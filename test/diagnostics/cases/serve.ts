/** Servers that cannot start, and what a running one says to who runs it. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unguarded } from '../../../src/cli/listen-address.ts';
import type { DiagnosticCode } from '../../../src/core/diagnostic/catalogue.ts';
import type { Diagnostic } from '../../../src/core/diagnostic/diagnostic.ts';
import { parseAccounts } from '../../../src/io/serve/accounts.ts';
import { serve, type ServeOptions } from '../../../src/io/serve/serve.ts';
import { pushTo } from '../../rigs/served-registry.ts';
import { scrubFolder } from '../bounded-process.ts';
import type { DiagnosticCase } from '../diagnostic-case.ts';
import { inFolder, writeFiles } from '../project-case.ts';

/** What is said while a server over a folder starts and `act` uses it. */
function serving(
  code: DiagnosticCode,
  prepare: (folder: string) => Partial<ServeOptions>,
  act: (url: string, folder: string) => Promise<unknown> = () => Promise.resolve(),
): DiagnosticCase {
  const make: DiagnosticCase['make'] = () =>
    inFolder(async (folder) => {
      const diagnostics: Diagnostic[] = [];
      const registry = join(folder, 'registry');
      const options = prepare(registry);
      const server = await serve({
        folder: registry,
        onWarning: (warning) => diagnostics.push(warning),
        ...options,
      });
      try {
        await act(server.url, registry);
      } finally {
        await server.close();
      }
      return { diagnostics };
    });
  return { code, make, scrub: (text) => scrubFolder(text).replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT') };
}

const missing = 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';

export const serveCases: readonly DiagnosticCase[] = [
  serving('serve/not-a-layout', (folder) => {
    writeFiles(folder, { 'notes.txt': 'mine' });
    return {};
  }),
  serving(
    'serve/in-use',
    () => ({}),
    (_url, folder) => serve({ folder }),
  ),
  serving(
    'serve/cannot-listen',
    () => ({}),
    (url, folder) => serve({ folder: `${folder}-2`, listen: { port: Number(new URL(url).port) } }),
  ),
  {
    code: 'serve/bad-account',
    make: () => {
      parseAccounts('alice:secret\nbob\n', 'accounts.txt');
      return { diagnostics: [] };
    },
  },
  serving('serve/bad-certificate', () => ({ tls: { certificate: 'no PEM', key: 'no PEM' } })),
  {
    code: 'serve/unguarded',
    make: () => {
      const warning = unguarded({ listen: { host: '0.0.0.0', port: 5000 } });
      return { diagnostics: warning === undefined ? [] : [warning] };
    },
  },
  serving(
    'serve/image-left-out',
    (folder) => {
      const manifest = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: missing, size: 2 };
      writeFiles(folder, {
        'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
        'index.json': JSON.stringify({ schemaVersion: 2, manifests: [manifest] }),
        [`blobs/${missing.replace(':', '/')}`]: '{}',
      });
      return {};
    },
    (url) => fetch(`${url}/v2/_catalog`),
  ),
  serving(
    'serve/request-failed',
    () => ({}),
    async (url, folder) => {
      const digest = await pushTo(`${url}/v2/acme/app`, 'the bytes of a layer');
      const [name = ''] = readdirSync(join(folder, 'blobs/sha256'));
      writeFileSync(join(folder, 'blobs/sha256', name), 'THE BYTES OF A LAYER');
      await fetch(`${url}/v2/acme/app/blobs/${digest}`)
        .then((answer) => answer.arrayBuffer())
        .catch(() => undefined);
    },
  ),
];
