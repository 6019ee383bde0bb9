/** The built command, as people run it while they work. Every wait is for something that it says. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { succeed } from '../rigs/command.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { until } from '../rigs/until.ts';
import { startWatchCommand, type WatchCommand } from '../rigs/watch-command.ts';

const recipe = `image: example.com/app
layers:
  - copy: dist
    to: /app
  - copy: public
    to: /public
`;

let project: Project;
let watch: WatchCommand | undefined;
beforeEach(() => {
  project = makeProject(recipe, {
    'dist/server.js': 'one',
    'dist/lib/a.js': 'a',
    'public/index.html': '<p>',
  });
});
afterEach(async () => {
  await watch?.stop('SIGKILL');
  watch = undefined;
  project.remove();
});

/** Started, with the first image made. */
async function start(...args: readonly string[]): Promise<{ watch: WatchCommand; first: string }> {
  watch = startWatchCommand(args, project.options);
  const first = await watch.result();
  await watch.said(/^watching/);
  return { watch, first };
}

const at = (name: string): string => join(project.folder, name);

/** What a build of its own, with a store of its own, says of the project as it is now. */
function cleanBuild(): string {
  const cache = `${project.options.cache}-clean`;
  rmSync(cache, { recursive: true, force: true });
  return succeed(['build', '-q'], { ...project.options, cache }).trim();
}

const changes: readonly (readonly [what: string, change: () => void, said: RegExp])[] = [
  ['a save', () => project.write('dist/server.js', 'two'), /1 file changed: server\.js → copy dist {2}/],
  [
    'an atomic save',
    () => {
      project.write('save.tmp', 'three');
      renameSync(at('save.tmp'), at('dist/server.js'));
    },
    /1 file changed: server\.js → copy dist {2}/,
  ],
  ['chmod +x', () => chmodSync(at('dist/server.js'), 0o755), /1 file changed: server\.js → copy dist {2}/],
  ['a new file', () => project.write('public/new.html', 'new'), /1 file added: new\.html → copy public {2}/],
  ['a file that goes', () => unlinkSync(at('dist/lib/a.js')), /1 file removed: lib\/a\.js → copy dist {2}/],
  ['a renamed folder', () => renameSync(at('dist/lib'), at('dist/lib2')), /→ copy dist {2}/],
  ['a new link', () => symlinkSync('server.js', at('dist/link')), /1 file added: link → copy dist {2}/],
  [
    'the recipe',
    () => project.write('oci.config.yaml', `${recipe}env: { A: b }\n`),
    /changed: env A → image app/,
  ],
  ['.dockerignore', () => project.write('.dockerignore', 'dist/lib'), /1 file removed: lib\/a\.js/],
  [
    'two layers at once',
    () => {
      project.write('dist/server.js', 'both');
      project.write('public/index.html', 'both');
    },
    /server\.js → copy dist; 1 file changed: index\.html → copy public {2}/,
  ],
];

describe('a watch', () => {
  test.each(changes)('builds again after %s, and says what made it so', async (_what, change, said) => {
    const { watch, first } = await start();
    change();
    const line = await watch.said(/→ sha256:/);
    expect(line).toMatch(/^\d\d:\d\d:\d\d {2}/);
    expect(line).toMatch(said);
    const result = await watch.result();
    expect(result).not.toBe(first);
    expect(result).toBe(cleanBuild());
  });

  it('notices what happens in a folder that was away and came back', async () => {
    const { watch } = await start();
    renameSync(at('dist'), at('away'));
    expect(await watch.said(/^error/)).toContain('source/missing');
    await watch.said(/the last good image is sha256:/);
    renameSync(at('away'), at('dist'));
    await watch.said(/as before/);
    project.write('dist/lib/a.js', 'again');
    await watch.said(/1 file changed: lib\/a\.js → copy dist/);
    expect(await watch.result()).toBe(cleanBuild());
  });

  it('waits for a source that is not there yet', async () => {
    rmSync(at('dist'), { recursive: true });
    watch = startWatchCommand([], project.options);
    expect(await watch.said(/^error/)).toContain('`dist` is not in the context');
    await watch.said(/^watching/);
    mkdirSync(at('dist'));
    project.write('dist/server.js', 'at last');
    expect(await watch.result()).toBe(cleanBuild());
  });

  it('shows a mistake in the recipe once, keeps the last good image, and goes on when it is mended', async () => {
    const { watch } = await start();
    project.write('oci.config.yaml', `${recipe}platfroms: []\n`);
    expect(await watch.said(/^error/)).toContain('recipe/unknown-key');
    await watch.said(/failed {2}the last good image is sha256:/);
    project.write('dist/server.js', 'two');
    project.write('oci.config.yaml', `${recipe}platfroms: [] \n`);
    await watch.said(/failed|failing/);
    project.write('oci.config.yaml', recipe);
    await watch.said(/1 file changed: server\.js/);
    expect(await watch.result()).toBe(cleanBuild());
    expect(watch.log().match(/^error/gm)).toHaveLength(1);
  });

  it('says nothing of a change that changes nothing', async () => {
    const { watch } = await start();
    project.write('dist/server.js', 'one');
    project.write('unrelated.txt', 'x');
    project.write('dist/server.js', 'two');
    await watch.said(/→ sha256:/);
    expect(watch.log().match(/^\d\d:/gm)).toHaveLength(1);
  });

  it('refuses to write into what it reads, and goes on when that is mended', async () => {
    project.write('oci.config.yaml', 'image: example.com/app\nlayers: [{ copy: . }]\n');
    const { watch } = await start('-o', 'oci:out/app');
    expect(await watch.said(/^error/)).toContain('watch/output-in-source');
    project.write('.dockerignore', 'out\n');
    await watch.said(/→ sha256:/);
    project.write('dist/server.js', 'two');
    await watch.said(/→ sha256:/);
    const digest = (await lastResult(watch)).split('@')[1];
    const index = JSON.parse(readFileSync(at('out/app/index.json'), 'utf8')) as {
      manifests: { digest: string }[];
    };
    expect(index.manifests.map((one) => one.digest)).toContain(digest);
  });
});

async function lastResult(watch: WatchCommand): Promise<string> {
  await watch.result();
  return watch.result();
}

describe('the end of a watch', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s: exit code %d, no process and no temporary file is left', async (signal, code) => {
    const { watch } = await start('--exec', 'echo $$ > pid; exec sleep 1000');
    await until(() => existsSync(at('pid')) && readFileSync(at('pid'), 'utf8') !== '');
    const pid = Number(readFileSync(at('pid'), 'utf8'));
    project.write('dist/server.js', 'two');
    expect(await watch.stop(signal)).toBe(code);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(leftovers(project.options.cache)).toEqual([]);
    expect(watch.log()).not.toMatch(/^error/m);
  });
});

describe('a watch that nobody reads any more', () => {
  test.each(['stdout', 'stderr'] as const)('ends by itself and leaves nothing: %s', async (output) => {
    const { watch } = await start('--exec', 'echo $$ > pid; exec sleep 1000');
    await until(() => existsSync(at('pid')) && readFileSync(at('pid'), 'utf8') !== '');
    const pid = Number(readFileSync(at('pid'), 'utf8'));
    watch.abandon(output);
    project.write('dist/server.js', 'two');
    expect(await watch.ended).toBe(0);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(leftovers(project.options.cache)).toEqual([]);
  });
});

/** Temporary files of the store and of its indexes. */
function leftovers(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => /\.tmp$|\/(?:tmp|ingest|leases)\/./.test(name));
}

describe('--exec', () => {
  it('runs after each good build, with the digest in its environment, and its failure is shown', async () => {
    const command = 'echo "$LAYERWRIGHT_REFERENCE" >> runs; test ! -e broken';
    const { watch, first } = await start('--exec', command);
    await until(() => existsSync(at('runs')) && readFileSync(at('runs'), 'utf8').includes('\n'));
    expect(readFileSync(at('runs'), 'utf8')).toBe(`${first}\n`);
    project.write('broken', '');
    project.write('dist/server.js', 'two');
    expect(await watch.said(/^error/)).toContain('ended with exit code 1');
    const second = await watch.result();
    expect(readFileSync(at('runs'), 'utf8')).toBe(`${first}\n${second}\n`);
  });
});

describe('--serve', () => {
  it('serves the last good image by its name', async () => {
    const { watch } = await start('--serve');
    const reference = /^serving (.+)$/m.exec(watch.log())?.[1] ?? '';
    expect(reference).toMatch(/^127\.0\.0\.1:\d+\/app:latest$/);
    const host = reference.split('/')[0] ?? '';
    const digest = async (): Promise<string | null> => {
      const answer = await fetch(`http://${host}/v2/app/manifests/latest`, {
        headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
      });
      return answer.headers.get('docker-content-digest');
    };
    project.write('dist/server.js', 'two');
    const second = await watch.result();
    expect(await digest()).toBe(second.split('@')[1]);
    project.write('oci.config.yaml', 'layers: 1\n');
    await watch.said(/^error/);
    expect(await digest()).toBe(second.split('@')[1]);
  });
});

describe('what a watch refuses', () => {
  test.each([
    [['-f', '-'], /standard input only once/],
    [['--serve', 'app'], /--serve `app` is not HOST:PORT/],
    [['--poll', '0'], /Seconds are needed/],
  ] as const)('%j', (args, said) => {
    const { status, stderr } = project.run('watch', ...args);
    expect(status).toBe(2);
    expect(stderr).toMatch(said);
  });
});
