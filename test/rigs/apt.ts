/** The real apt, in an empty root of its own: no settings, sources or state of this machine's reach it. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandRun } from './command.ts';
import { runProgram } from './run-program.ts';

export interface AptOptions {
  /** An empty folder, for its lists. */
  readonly folder: string;
  /** The text of a sources.list. */
  readonly sources: string;
  readonly architecture: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Apt {
  run(program: 'apt-get' | 'apt-cache', ...argv: readonly string[]): Promise<CommandRun>;
  /** `NAME=VERSION` of all that would be installed, sorted. */
  closure(...names: readonly string[]): Promise<readonly string[]>;
}

export const hasApt = spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).error === undefined;

export function aptIn(options: AptOptions): Apt {
  const { folder, architecture, env = {} } = options;
  for (const name of ['lists/partial', 'cache/archives/partial', 'etc/parts', 'etc/trusted'])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'etc/sources.list'), options.sources);
  writeFileSync(join(folder, 'apt.conf'), aptSettings(folder, architecture));
  const run: Apt['run'] = (program, ...argv) =>
    runProgram(program, argv, {
      cwd: folder,
      env: { APT_CONFIG: join(folder, 'apt.conf'), LC_ALL: 'C.UTF-8', ...env },
    });
  return {
    run,
    closure: async (...names) => {
      const ran = await run('apt-get', '-s', '-y', '--no-install-recommends', 'install', ...names);
      if (ran.status !== 0) throw new Error(`apt-get ended with ${String(ran.status)}:\n${ran.stderr}`);
      const installed = ran.stdout.matchAll(/^Inst (\S+) \((\S+)/gm);
      return [...installed]
        .map(([, name = '', version = '']) => `${name.replace(/:\w+$/, '')}=${version}`)
        .sort();
    },
  };
}

/** What APT_CONFIG names is read first, and so it can say that the machine's own settings stand nowhere. */
function aptSettings(folder: string, architecture: string): string {
  const settings = {
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    'APT::Sandbox::User': 'root',
    'APT::Get::List-Cleanup': 'false',
    'Acquire::Languages': 'none',
    'Dir::Etc::Main': '/dev/null',
    'Dir::Etc::Parts': join(folder, 'etc/parts'),
    'Dir::Etc::SourceList': join(folder, 'etc/sources.list'),
    'Dir::Etc::SourceParts': join(folder, 'etc/parts'),
    'Dir::Etc::TrustedParts': join(folder, 'etc/trusted'),
    'Dir::State::Lists': join(folder, 'lists'),
    'Dir::State::status': '/dev/null',
    'Dir::State::extended_states': join(folder, 'extended_states'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Log': folder,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`);
  return lines.join('');
}
