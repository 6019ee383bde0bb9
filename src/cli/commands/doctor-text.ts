/** What the doctor found, for people. */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import type { AskedSource, DoctorReport } from './doctor-report.ts';

export function doctorText({ node, store, runtimes, network, registry }: DoctorReport): string {
  const lines = [
    row('node', node),
    row('store', `${store.path} (${store.state})`),
    ...runtimes.map(({ name, found }) => row(name, found)),
    ...network.map(({ name, value }) => row(name, value)),
    ...(registry === undefined ? [] : registryLines(registry)),
  ];
  return `${lines.join('\n')}\n`;
}

type Registry = NonNullable<DoctorReport['registry']>;

function registryLines(found: Registry): string[] {
  const { registry, repository, sources, origin, status, challenges, signIn, problem } = found;
  return [
    '',
    row('registry', repository === undefined ? registry : `${registry}/${repository}`),
    'credentials, in the order in which they are asked',
    ...sources.map((source, index) => `  ${String(index + 1)}. ${sourceText(source)}`),
    row('address', origin ?? 'not found'),
    row('answers', status === undefined ? 'no' : `yes, ${String(status)} to GET /v2/`),
    ...challenges.map(({ scheme, realm, service, credentials }) =>
      row(
        'asks for',
        [
          scheme,
          ...named('realm', realm),
          ...named('service', service),
          ...named('credentials', credentials),
        ].join(', '),
      ),
    ),
    row('sign-in', signIn),
    ...(problem === undefined ? [] : [row('problem', `${problem.code}: ${problem.message}`)]),
    ...(problem?.help === undefined ? [] : [row('help', problem.help)]),
  ];
}

function sourceText({ name, answer, from, kind, problem }: AskedSource): string {
  const by = from === undefined ? '' : ` by ${from}`;
  switch (answer) {
    case 'first':
      return escapeText(`${name}: has ${String(kind)}${by}, which is used`);
    case 'later':
      return escapeText(`${name}: has ${String(kind)}${by}, and an earlier source hides it`);
    case 'failed':
      return escapeText(`${name}: ${problem?.message ?? ''}`);
    default:
      return escapeText(`${name}: ${answer}`);
  }
}

function named(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [`${name} ${value}`];
}

/** What comes from outside is escaped: a terminal would act on it. */
function row(name: string, value: string): string {
  return `${name.padEnd(11)} ${escapeText(value)}`;
}
