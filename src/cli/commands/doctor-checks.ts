/** What the doctor looks for on this computer. Nothing throws for what is missing: to say so is what it is for. */
import { accessSync, constants, existsSync } from 'node:fs';
import nodeModule from 'node:module';
import { Failure } from '../../core/diagnostic/failure.ts';
import { hasXattrs } from '../../io/bundle/extended-attributes.ts';
import { findRuntime } from '../../io/bundle/find-runtime.ts';
import { formatBytes, formatCount } from '../../io/render/quantity.ts';
import type { DiskStore } from '../../io/store/disk-store.ts';
import { readStoreFacts } from '../../io/store/store-facts.ts';
import { findEngine } from '../../io/transport/engine.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Check } from './doctor-report.ts';

export async function checkComputer(store: DiskStore, surroundings: Surroundings): Promise<Check[]> {
  const { env, nodeVersion } = surroundings;
  return [
    nodeCheck(nodeVersion),
    storeCheck(store),
    ...runtimeChecks(env),
    await engineCheck(surroundings),
    await xattrCheck(),
    compileCacheCheck(),
  ];
}

/** The least of package.json's `engines`. */
export function nodeCheck(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return { name: 'node', state: 'fine', found: version };
  return { name: 'node', state: 'doubtful', found: version, help: 'use Node 20.19 or later' };
}

/** The session opens the store to read alone; whether it could be written is asked here. */
function storeCheck(store: DiskStore): Check {
  const { path } = store.folder;
  if (!existsSync(path)) return { name: 'store', state: 'fine', found: `${path} (not made yet)` };
  try {
    const { blobs, results } = readStoreFacts(store);
    const size = `${formatBytes(blobs.bytes + results.bytes)} in ${formatCount(blobs.count, 'blob')}`;
    if (isWritable(path)) return { name: 'store', state: 'fine', found: `${path} (${size}, writable)` };
    const help = 'check its owner and mode, or name another folder with LAYERWRIGHT_CACHE_DIR';
    return { name: 'store', state: 'doubtful', found: `${path} (${size}, not writable)`, help };
  } catch (error) {
    return ofFailure('store', error);
  }
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** One of the two is enough. */
export function runtimeChecks(env: Surroundings['env']): Check[] {
  const found = (['runc', 'crun'] as const).map((name) => runtimeCheck(name, env));
  const there = found.filter(({ state }) => state !== 'missing');
  return there.length === 0 ? found : found.map(withoutNeed);
}

function withoutNeed(check: Check): Check {
  const { name, state } = check;
  return state === 'missing'
    ? { name, state, found: 'not installed, and not needed beside the other' }
    : check;
}

function runtimeCheck(name: 'runc' | 'crun', env: Surroundings['env']): Check {
  try {
    const { path, warnings } = findRuntime(name, env);
    const [warning] = warnings;
    if (warning === undefined) return { name, state: 'fine', found: path };
    const { message, help } = warning;
    return { name, state: 'doubtful', found: `${path}: ${message}`, ...(help === undefined ? {} : { help }) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const help = 'for `layerwright run`, install runc 1.2.8, 1.3.3 or newer, or crun';
    return { name, state: 'missing', found: 'not installed', help };
  }
}

/** Milliseconds after which a daemon that does not answer counts as not there. */
const engineTimeout = 10_000;

async function engineCheck({ env, signal }: Surroundings): Promise<Check> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(engineTimeout)]);
  try {
    const { program } = await findEngine({ env, signal: bounded });
    return { name: 'engine', state: 'fine', found: `${program}, which --load uses` };
  } catch (error) {
    signal.throwIfAborted();
    if (bounded.aborted) {
      return { name: 'engine', state: 'doubtful', found: 'does not answer', help: 'restart docker' };
    }
    return { ...ofFailure('engine', error), state: 'missing' };
  }
}

async function xattrCheck(): Promise<Check> {
  if (await hasXattrs()) return { name: 'xattr', state: 'fine', found: '@napi-rs/xattr' };
  const help =
    'where bundles need extended attributes, install without `--omit=optional` on a system that it is built for';
  return { name: 'xattr', state: 'missing', found: '@napi-rs/xattr cannot be loaded', help };
}

/** Node has it from 22.1 on; main.ts asks for it at each start. */
function compileCacheCheck(): Check {
  const { getCompileCacheDir } = nodeModule as { readonly getCompileCacheDir?: () => string | undefined };
  if (getCompileCacheDir === undefined) {
    const found = 'this Node has none';
    return { name: 'compile cache', state: 'missing', found, help: 'Node 22.1 or later starts faster' };
  }
  const folder = getCompileCacheDir();
  if (folder !== undefined) return { name: 'compile cache', state: 'fine', found: folder };
  const help =
    'unset NODE_DISABLE_COMPILE_CACHE, or let NODE_COMPILE_CACHE name a folder that can be written';
  return {
    name: 'compile cache',
    state: 'missing',
    found: 'turned off, or its folder cannot be written',
    help,
  };
}

function ofFailure(name: Check['name'], error: unknown): Check {
  if (!(error instanceof Failure)) throw error;
  const { message, help } = error;
  return { name, state: 'doubtful', found: message, ...(help === undefined ? {} : { help }) };
}
