/** `layerwright doctor`: what there is here, what is missing, and for one registry, which credential source answers and whether it does. */
import { diagnosticOf, Failure } from '../../core/diagnostic/failure.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { exitCodeOf } from '../../core/diagnostic/catalogue.ts';
import { type CredentialSource, credentialSources } from '../../io/registry/credential-sources.ts';
import { type Examined, examineRegistry } from '../../io/registry/examine-registry.ts';
import type { Invocation } from '../command-spec.ts';
import { credentialPlaces, settingsOf } from '../open-registries.ts';
import type { CommonOptions, RegistryOptions } from '../options.ts';
import { withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';
import { checkComputer } from './doctor-checks.ts';
import { checkRecipe } from './doctor-recipe.ts';
import type { AskedSource, DoctorReport } from './doctor-report.ts';
import { doctorText } from './doctor-text.ts';

interface DoctorOptions extends CommonOptions, RegistryOptions {
  readonly registry?: string;
}

export function runDoctor(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as DoctorOptions;
  return withSession({ options, surroundings, access: 'read-only' }, async (session) => {
    const onWait: RegistryAccess['onWait'] = (warning) => {
      session.show(warning);
    };
    const access = { options, surroundings, folder: session.folder, onWait };
    const checks = [
      ...(await checkComputer(session.store, surroundings)),
      ...(await checkRecipe(options, session, surroundings)),
    ];
    const network = networkSettings(surroundings.env);
    const registry =
      options.registry === undefined ? undefined : await registryReport(examinedOf(options.registry), access);
    const report: DoctorReport = { checks, network, ...(registry && { registry }) };
    const text = options.json === true ? `${JSON.stringify(report, undefined, 2)}\n` : doctorText(report);
    surroundings.stdout.write(text);
    const problem =
      registry?.sources.find((source) => source.problem !== undefined)?.problem ?? registry?.problem;
    return problem === undefined ? exitCodes.done : exitCodeOf(problem.code);
  });
}

/** `HOST[:PORT]`, or with a repository behind it. */
function examinedOf(text: string): Examined {
  const slash = text.indexOf('/');
  return slash === -1
    ? { registry: text }
    : { registry: text.slice(0, slash), repository: text.slice(slash + 1) };
}

/** Variables that decide how registries are reached; the password of a proxy is left out. */
function networkSettings(env: Surroundings['env']): DoctorReport['network'] {
  const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY', 'NODE_EXTRA_CA_CERTS'];
  return names.flatMap((name) => {
    const value = env[name.toLowerCase()] ?? env[name];
    return value === undefined || value === '' ? [] : [{ name, value: withoutPassword(value) }];
  });
}

function withoutPassword(value: string): string {
  return escapeText(value.replace(/\/\/[^/]*@/, '//[secret]@'));
}

type RegistryAccess = Parameters<typeof settingsOf>[0];

async function registryReport(
  examined: Examined,
  access: RegistryAccess,
): Promise<NonNullable<DoctorReport['registry']>> {
  const sources: AskedSource[] = [];
  for (const source of credentialSources(credentialPlaces(access))) {
    const isFirst = !sources.some(({ answer }) => answer === 'first');
    sources.push(await askSource(source, examined, isFirst ? 'first' : 'later'));
  }
  const examination = await examineRegistry(examined, settingsOf(access), access.surroundings.signal);
  return { ...examined, ...examination, sources };
}

async function askSource(
  { name, isThere, credentials }: CredentialSource,
  examined: Examined,
  answer: 'first' | 'later',
): Promise<AskedSource> {
  if (!isThere()) return { name, answer: 'not there' };
  try {
    const { registry, repository } = examined;
    const found = await credentials.find({ registry, ...(repository === undefined ? {} : { repository }) });
    if (found === undefined) return { name, answer: 'nothing for this registry' };
    const { kind, source } = found;
    return { name, answer, kind, ...(name.startsWith(source) ? {} : { from: source }) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { name, answer: 'failed', problem: diagnosticOf(error) };
  }
}
