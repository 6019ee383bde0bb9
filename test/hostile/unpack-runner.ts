/** Runs the hostile corpus below a folder of its own and says, case by case, what happened; also as a child process. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodeOf } from '../../src/core/diagnostic/catalogue.ts';
import { Failure } from '../../src/core/diagnostic/failure.ts';
import { unpackRootfs } from '../../src/io/bundle/rootfs.ts';
import { createMemoryStore } from '../../src/io/store/memory-store.ts';
import { imageOf } from '../rigs/layer-image.ts';
import { type RawEntry, rawTar } from '../rigs/raw-tar.ts';
import { listTree } from '../rigs/tree-listing.ts';
import { type HostileCase, hostileCases } from './unpack-corpus.ts';
import { naiveUnpack } from './naive-unpack.ts';

export type Split = 'one layer' | 'two layers';

export interface CaseResult {
  readonly name: string;
  readonly split: Split;
  readonly expect: HostileCase['expect'];
  /** `unpacked`, or the code of the failure; `uncaught: …` for anything else that was thrown. */
  readonly outcome: string;
  readonly exitCode: number;
  readonly message: string;
  /** Paths outside the tree that are not as they were. */
  readonly changed: readonly string[];
  /** Whether what was refused left a tree, or anything beside it, behind. */
  readonly leftBehind: readonly string[];
  readonly milliseconds: number;
}

/** Runs every case, in one layer and split over two. `base` is an empty folder. */
export async function runCorpus(base: string): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const split of ['one layer', 'two layers'] as const) {
    for (const at of hostileCases({ out: join(base, 'out') }).keys())
      results.push(await runCase(base, at, split));
  }
  return results;
}

async function runCase(base: string, at: number, split: Split): Promise<CaseResult> {
  const world = makeWorld(base);
  const hostile = hostileCases({ out: world.out })[at];
  if (hostile === undefined) throw new Error('the corpus changed while it ran');
  const before = listWorld(world);
  const started = performance.now();
  const outcome = await unpack(layersOf(hostile.entries, split), world.tree);
  const milliseconds = performance.now() - started;
  const names = readdirSync(world.home);
  const leftBehind =
    outcome.outcome === 'unpacked' ? [] : names.filter((name) => name !== 'tree-evil' && name !== 'out');
  const result = { name: hostile.name, split, expect: hostile.expect, ...outcome };
  const changed = differences(before, listWorld(world));
  removeWorld(world);
  return { ...result, changed, leftBehind, milliseconds };
}

/** Runs every case with the careless control; gives the names of those that escaped. */
export function runNaively(base: string): string[] {
  return hostileCases({ out: join(base, 'out') }).flatMap((_, at) => {
    const world = makeWorld(base);
    const hostile = hostileCases({ out: world.out })[at];
    const before = listWorld(world);
    mkdirSync(world.tree);
    naiveUnpack(hostile?.entries ?? [], world.tree);
    const escaped = differences(before, listWorld(world)).length > 0;
    removeWorld(world);
    return escaped && hostile !== undefined ? [hostile.name] : [];
  });
}

interface World {
  readonly home: string;
  readonly out: string;
  readonly tree: string;
}

/** `home/out/secret` is what must not change; the tree is made at `home/tree`, so `../out` from it is outside. */
function makeWorld(base: string): World {
  const home = mkdtempSync(join(base, 'w'));
  const out = join(home, 'out');
  for (const folder of [out, join(home, 'tree-evil')]) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'secret'), 'secret', { mode: 0o600 });
  }
  writeFileSync(join(out, 'victim'), 'victim');
  process.chdir(out);
  return { home, out, tree: join(home, 'tree') };
}

function removeWorld({ home }: World): void {
  process.chdir('/');
  for (const [path, node] of listTree(home)) {
    if (node.type === 'directory')
      chmodSync(Buffer.concat([Buffer.from(`${home}/`), Buffer.from(path, 'latin1')]), 0o700);
  }
  // Node's own removal recurses, and overflows its stack in the corpus' deepest tree now and then.
  execFileSync('rm', ['-rf', '--', home]);
}

function listWorld({ home }: World): Map<string, string> {
  const own = (path: string): boolean =>
    path === 'tree' || path.startsWith('.layerwright-') || path === '.tree.layerwright';
  const nodes = [...listTree(home, own)].filter(([path]) => path !== '');
  return new Map(nodes.map(([path, node]) => [path, JSON.stringify(node)]));
}

function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].filter((path) => before.get(path) !== after.get(path));
}

function layersOf(entries: readonly RawEntry[], split: Split): (readonly RawEntry[])[] {
  return split === 'one layer' ? [entries] : [entries.slice(0, -1), entries.slice(-1)];
}

async function unpack(
  layers: readonly (readonly RawEntry[])[],
  destination: string,
): Promise<Pick<CaseResult, 'outcome' | 'exitCode' | 'message'>> {
  const { blobs } = createMemoryStore();
  const image = await imageOf(
    blobs,
    layers.map((entries) => rawTar(entries)),
  );
  try {
    await unpackRootfs(image, blobs, { destination, signal: new AbortController().signal });
    return { outcome: 'unpacked', exitCode: 0, message: '' };
  } catch (error) {
    if (!(error instanceof Failure))
      return { outcome: `uncaught: ${String(error)}`, exitCode: 70, message: '' };
    return { outcome: error.code, exitCode: exitCodeOf(error.code), message: error.message };
  }
}
