/**
 * apt as the judge of closures: its own indexes of this machine's mirror for several architectures, and what it would
 * install into an empty root. The mirror is the one that the machine's apt reads; nothing of the machine is changed.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePackages } from '../../src/core/deb/packages-index.ts';
import type { PackageSource } from '../../src/core/deb/universe.ts';

export interface AptOracle {
  /** Every Packages index of an architecture, in the order of the machine's sources. */
  sources(architecture: string): PackageSource[];
  /** `name version` of each package, sorted; undefined where apt refuses. */
  closure(names: readonly string[], asked: Asked): string[] | undefined;
  remove(): void;
}

export interface Asked {
  readonly architecture: string;
  readonly recommends: boolean;
}

/** Undefined where there is no apt, or no mirror answers. */
export function prepareApt(architectures: readonly string[]): AptOracle | undefined {
  if (spawnSync('apt-get', ['--version']).status !== 0) return undefined;
  const root = mkdtempSync(join(tmpdir(), 'apt-'));
  mkdirSync(join(root, 'lists/partial'), { recursive: true });
  const options = (main: string, all: readonly string[]): string[] => {
    const settings = {
      'Dir::State': root,
      'Dir::State::lists': join(root, 'lists'),
      'Dir::State::status': '/dev/null',
      'Dir::Cache': join(root, `cache-${main}`),
      'Acquire::Languages': 'none',
      'Acquire::GzipIndexes': 'false',
      'APT::Architecture': main,
      'APT::Architectures': all.join(','),
    };
    mkdirSync(join(root, `cache-${main}/archives/partial`), { recursive: true });
    return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  };
  const remove = (): void => {
    rmSync(root, { recursive: true });
  };
  const [native = 'amd64'] = architectures;
  const update = spawnSync('apt-get', ['update', '-qq', ...options(native, architectures)], {
    encoding: 'utf8',
  });
  if (update.status !== 0 || update.stderr.includes('Failed to fetch')) {
    remove();
    return undefined;
  }
  return {
    sources: (architecture) => sourcesIn(options(architecture, [architecture])),
    closure: (names, { architecture, recommends }) => {
      const how = recommends ? '--install-recommends' : '--no-install-recommends';
      const words = ['-s', 'install', how, ...options(architecture, [architecture]), ...names];
      const { status, stdout } = spawnSync('apt-get', words, { encoding: 'utf8', maxBuffer: 2 ** 26 });
      return status === 0 ? installedIn(stdout) : undefined;
    },
    remove,
  };
}

function sourcesIn(options: readonly string[]): PackageSource[] {
  const words = ['indextargets', '--format', '$(FILENAME)', 'Created-By: Packages', ...options];
  const { stdout } = spawnSync('apt-get', words, { encoding: 'utf8' });
  const files = stdout.split('\n').filter((line) => line !== '');
  return files.map((file) => ({
    index: parsePackages(new Uint8Array(readFileSync(file)), file),
    priority: 500,
  }));
}

function installedIn(stdout: string): string[] {
  const lines = stdout.split('\n').map((line) => /^Inst ([^\s:]+)\S* \((\S+) /.exec(line));
  return lines.flatMap((match) => (match === null ? [] : [`${match[1] ?? ''} ${match[2] ?? ''}`])).sort();
}
