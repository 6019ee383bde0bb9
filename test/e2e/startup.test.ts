/** What a call loads: the pieces that the built command is cut into, as V8 reports them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { builtCommand, runCommand } from '../rigs/command.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { hasProgram } from '../rigs/runtimes.ts';

let project: Project;
beforeEach(() => {
  project = makeProject('layers: [{ copy: dist }]\noutputs: ["oci:out"]\n', { 'dist/server': 'one' });
});
afterEach(() => {
  project.remove();
});

interface Loaded {
  /** The text of every file of ours that was evaluated. */
  readonly text: string;
  readonly bytes: number;
}

function load(...args: readonly string[]): Loaded {
  const folder = mkdtempSync(join(tmpdir(), 'layerwright-coverage-'));
  try {
    const { status } = runCommand(args, { ...project.options, env: { NODE_V8_COVERAGE: folder } });
    expect(status).toBe(0);
    const urls = readdirSync(folder).flatMap((name) => {
      const report = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { result: { url: string }[] };
      return report.result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
    });
    const text = urls.map((url) => readFileSync(fileURLToPath(url), 'utf8')).join('');
    return { text, bytes: text.length };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What esbuild writes above the first file of a package. */
const has = ({ text }: Loaded, name: string): boolean => text.includes(`// node_modules/${name}/`);

describe('what a call loads', () => {
  test.each(['--version', '--help', 'build --help', 'cache gc --help'])('%s: next to nothing', (call) => {
    const loaded = load(...call.split(' '));
    expect(has(loaded, 'commander')).toBe(true);
    for (const name of ['undici', 'yaml', 'valibot', 'cosmiconfig', '@noble/hashes', 'tar-stream'])
      expect(has(loaded, name), name).toBe(false);
    expect(loaded.bytes).toBeLessThan(260_000);
  });

  test('a build without a registry, and one that finds nothing to do: no HTTP client', () => {
    for (const loaded of [load('build', '-q'), load('build', '-q'), load('plan')]) {
      expect(has(loaded, 'yaml')).toBe(true);
      expect(has(loaded, 'undici')).toBe(false);
    }
  });

  test('what reads no recipe: no parser of recipes', () => {
    load('build', '-q');
    for (const call of [
      'inspect oci:out',
      'ls oci:out',
      'copy -q oci:out oci:b',
      'bundle -q oci:out c',
      'cache du',
    ])
      for (const name of ['yaml', 'valibot', 'cosmiconfig', 'undici'])
        expect(has(load(...call.split(' ')), name), `${call}: ${name}`).toBe(false);
  });

  test.skipIf(!hasProgram('strace'))('a build that finds nothing to do opens no file of its sources', () => {
    project.write('dist/deep/er', 'two');
    // Each build ends later than the last write by more than the clock's tick, so the second one remembers its walk.
    for (const build of ['first', 'second']) expect(project.run('build', '-q').status, build).toBe(0);
    const opened = tracedOpens('build', '-q');
    expect(opened.some((path) => path.endsWith('oci.config.yaml'))).toBe(true);
    expect(opened.filter((path) => /(?:server|er)$/.test(path))).toEqual([]);
  });
});

/** The path of every file and folder that a call opens. */
function tracedOpens(...args: readonly string[]): string[] {
  const { cwd, cache } = project.options;
  const trace = [
    '-f',
    '-s',
    '4096',
    '-e',
    'trace=open,openat,openat2',
    process.execPath,
    builtCommand,
    ...args,
  ];
  const env = { ...process.env, LAYERWRIGHT_CACHE_DIR: cache };
  const { status, stderr } = spawnSync('strace', trace, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28 });
  expect(status).toBe(0);
  return [...stderr.matchAll(/open(?:at2?)?\([^"]*"([^"]*)"/g)].map((match) => match[1] ?? '');
}
