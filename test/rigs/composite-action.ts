/**
 * A composite action, run step by step as GitHub documents it: shell steps in bash with `-eo pipefail`, the files of
 * GITHUB_OUTPUT, GITHUB_ENV and GITHUB_STEP_SUMMARY, expressions of the few kinds that ours has. Steps that use other
 * actions are only listed: what a runner does with those, its permissions and its network, no test here can show.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

export interface ActionStep {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly run?: string;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

export interface CompositeAction {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly ActionStep[] };
}

export interface ActionRun {
  readonly status: number;
  /** stdout and stderr of all steps, as a log shows them. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  /** Steps that use another action and were not left out by their `if`, their inputs filled in. */
  readonly used: readonly { readonly uses: string; readonly with: Readonly<Record<string, string>> }[];
}

export interface RunRequest {
  /** `action.yml`. */
  readonly file: string;
  /** An empty folder for what belongs to the runner. */
  readonly scratch: string;
  readonly workspace: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

export function readAction(file: string): CompositeAction {
  return parse(readFileSync(file, 'utf8')) as CompositeAction;
}

export function runAction(request: RunRequest): ActionRun {
  const action = readAction(request.file);
  const defaults = Object.entries(action.inputs).map(([name, { default: value = '' }]) => [name, value]);
  const inputs = { ...Object.fromEntries(defaults), ...request.inputs } as Record<string, string>;
  const runner = makeRunner(request);
  const known: Known = {
    inputs,
    steps: {},
    runner: { os: 'Linux' },
    github: { run_id: '7', run_attempt: '1' },
  };
  const used: { uses: string; with: Record<string, string> }[] = [];
  let log = '';
  for (const step of action.runs.steps) {
    if (!isWanted(step.if, known)) continue;
    if (step.uses !== undefined) {
      used.push({ uses: step.uses, with: filled(step.with ?? {}, known) });
      continue;
    }
    const { status, text, outputs } = runStep(step, known, runner);
    log += text;
    if (step.id !== undefined) known.steps[step.id] = { outputs };
    if (status !== 0) return { status, log, outputs: {}, summary: runner.summary(), used };
  }
  const values = Object.entries(action.outputs).map(([name, { value }]) => [name, fill(value, known)]);
  return { status: 0, log, outputs: Object.fromEntries(values), summary: runner.summary(), used };
}

interface Known {
  readonly inputs: Readonly<Record<string, string>>;
  readonly steps: Record<string, { readonly outputs: Readonly<Record<string, string>> }>;
  readonly runner: Readonly<Record<string, string>>;
  readonly github: Readonly<Record<string, string>>;
}

interface Runner {
  readonly workspace: string;
  readonly env: Readonly<Record<string, string>>;
  readonly output: string;
  readonly script: string;
  summary(): string;
}

function makeRunner({ file, scratch, workspace, env }: RunRequest): Runner {
  const output = join(scratch, 'output');
  const summary = join(scratch, 'summary');
  const temporary = join(scratch, 'temp');
  mkdirSync(temporary, { recursive: true });
  for (const made of [summary, join(scratch, 'env')]) writeFileSync(made, '');
  const { PATH = '', HOME = '/' } = process.env;
  return {
    workspace,
    output,
    script: join(scratch, 'step.sh'),
    summary: () => readFileSync(summary, 'utf8'),
    env: {
      ...{ PATH, HOME, CI: 'true', GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: workspace },
      ...{ RUNNER_TEMP: temporary, GITHUB_ACTION_PATH: dirname(file) },
      ...{ GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary, GITHUB_ENV: join(scratch, 'env') },
      ...env,
    },
  };
}

function runStep(
  step: ActionStep,
  known: Known,
  runner: Runner,
): { readonly status: number; readonly text: string; readonly outputs: Readonly<Record<string, string>> } {
  // Each step has a file of its own.
  writeFileSync(runner.output, '');
  writeFileSync(runner.script, fill(step.run ?? '', known));
  const options = ['--noprofile', '--norc', '-eo', 'pipefail', runner.script];
  const { status, stdout, stderr } = spawnSync('bash', options, {
    cwd: join(runner.workspace, fill(step['working-directory'] ?? '.', known)),
    env: { ...runner.env, ...filled(step.env ?? {}, known) },
    encoding: 'utf8',
  });
  const outputs = readOutputs(readFileSync(runner.output, 'utf8'));
  return { status: status ?? -1, text: `${stdout}${stderr}`, outputs };
}

/** `name=value`, or `name<<MARK`, lines, `MARK`. */
function readOutputs(text: string): Readonly<Record<string, string>> {
  const form =
    /^(?<long>[\w-]+)<<(?<mark>.+)\n(?<lines>.*?)\n\k<mark>$|^(?<short>[\w-]+)=(?<value>[^\n]*)$/gms;
  return Object.fromEntries(
    [...text.matchAll(form)].map(({ groups = {} }) => [
      groups['long'] ?? groups['short'] ?? '',
      groups['lines'] ?? groups['value'] ?? '',
    ]),
  );
}

function filled(values: Readonly<Record<string, string>>, known: Known): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fill(value, known)]));
}

function fill(text: string, known: Known): string {
  return text.replaceAll(/\$\{\{\s*(?<path>[\w.-]+)\s*\}\}/g, (_, path: string) => lookUp(path, known));
}

/** What an expression such as `steps.build.outputs.digest` stands for; nothing, where nothing has set it. */
function lookUp(path: string, known: Known): string {
  let value: unknown = known;
  for (const name of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'string' ? value : '';
}

function isWanted(condition: string | undefined, known: Known): boolean {
  if (condition === undefined) return true;
  const form = /^(?<path>[\w.-]+) (?<sign>[!=]=) '(?<text>[^']*)'$/.exec(condition)?.groups;
  if (form === undefined) throw new Error(`an expression that this rig does not know: ${condition}`);
  return (lookUp(form['path'] ?? '', known) === form['text']) === (form['sign'] === '==');
}
