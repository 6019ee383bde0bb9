/** What the doctor found, for people. */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import type { AskedSource, Check, DoctorReport } from './doctor-report.ts';

export function doctorText({ checks, network, registry }: DoctorReport): string {
  const lines = [
    ...checks.flatMap(checkLines),
    ...network.map(({ name, value }) => row(name, value)),
    ...(registry === undefined ? [] : registryLines(registry)),
  ];
  return `${lines.join('\n')}\n`;
}

/** Help stands under what it is for, where there is something to do. */
function checkLines({ name, found, help }: Check): string[] {
  return [row(name, found), ...(help === undefined ? [] : [row('', `help: ${help}`)])];
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
  return `${name.padEnd(13)} ${escapeText(value)}`;
}
