/** What registries.conf leads to: files that say nothing sound, places that are blocked, mirrors that are of no use. */
import type { Diagnostic } from '../../../src/core/diagnostic/diagnostic.ts';
import { diagnosticOf, Failure } from '../../../src/core/diagnostic/failure.ts';
import { openMirrored } from '../../../src/io/registry/open-mirrored.ts';
import { parseRegistriesConf } from '../../../src/io/registry/registries-conf.ts';
import { registriesConfOf, type RegistriesConf } from '../../../src/io/registry/registries-conf-files.ts';
import { RegistryClient } from '../../../src/io/registry/registry-client.ts';
import { registrySettings } from '../../../src/io/registry/registry-settings.ts';
import type { DiagnosticCase, Made } from '../diagnostic-case.ts';

const { signal } = new AbortController();

/** Opens `example.test/team/app:1`, whose own place nobody listens at. */
async function opening(registriesConf: RegistriesConf): Promise<Made> {
  const diagnostics: Diagnostic[] = [];
  const retries = { attempts: 1, first: 1, longest: 1, retryAfter: 1 };
  const onWait = (warning: Diagnostic): number => diagnostics.push(warning);
  const client = new RegistryClient(registrySettings({ registriesConf, retries, onWait }));
  try {
    await openMirrored(
      client,
      { registry: 'example.test', name: 'team/app', manifest: { tag: '1' } },
      signal,
    );
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    diagnostics.push(diagnosticOf(error));
  } finally {
    await client.close();
  }
  return { diagnostics };
}

function conf(text: string): RegistriesConf {
  const parsed = parseRegistriesConf(text);
  if (!parsed.ok) throw new Error(parsed.problem);
  return { tables: () => Promise.resolve(parsed.tables) };
}

const missing = { CONTAINERS_REGISTRIES_CONF: '/nowhere/registries.conf' };

export const registriesConfCases: readonly DiagnosticCase[] = [
  {
    code: 'registry/conf-file',
    make: () => opening(registriesConfOf({ environment: missing, home: '/nowhere', system: '/nowhere' })),
  },
  {
    code: 'registry/blocked',
    make: () => opening(conf('[[registry]]\nlocation = "example.test/team"\nblocked = true')),
  },
  {
    code: 'registry/mirror',
    make: () =>
      opening(
        conf(
          '[[registry]]\nprefix = "example.test"\nlocation = "127.0.0.1:1/own"\n[[registry.mirror]]\nlocation = "127.0.0.1:1/mirror"',
        ),
      ),
  },
];
