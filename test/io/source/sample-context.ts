/** Contexts on disk for tests, and what reads them. */
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import type { Diagnostic } from '../../../src/core/diagnostic/diagnostic.ts';
import type { SourceTree } from '../../../src/core/plan/snapshot.ts';
import { createContextIgnore } from '../../../src/io/source/context-ignore.ts';
import { createFileDigester } from '../../../src/io/source/digest-file.ts';
import { type CopyRequest, readFileSource } from '../../../src/io/source/file-source.ts';
import { createFolderGate } from '../../../src/io/source/folder-gate.ts';
import { createProblemCollector } from '../../../src/io/source/problem-collector.ts';
import { noMachine } from '../../../src/io/source/machine.ts';
import type { Reading } from '../../../src/io/source/reading.ts';
import { emptyStatIndex } from '../../../src/io/source/stat-index.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';

const made: string[] = [];

/** A new, empty folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'layerwright-source-')));
  made.push(folder);
  return folder;
}

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Text is a file, `{ link }` a symbolic link, `{ mode, text }` a file of that mode; a name that ends in `/` a folder. */
export type Node =
  string | Uint8Array | { readonly link: string } | { readonly mode: number; readonly text: string };

export function createContext(nodes: Readonly<Record<string, Node>>): string {
  const folder = temporaryFolder();
  for (const [path, node] of Object.entries(nodes)) createNode(join(folder, path), path, node);
  return folder;
}

function createNode(path: string, name: string, node: Node): void {
  const isFolder = name.endsWith('/');
  mkdirSync(isFolder ? path : dirname(path), { recursive: true });
  if (isFolder) return;
  if (typeof node === 'string' || node instanceof Uint8Array) writeFileSync(path, node);
  else if ('link' in node) symlinkSync(node.link, path);
  else {
    writeFileSync(path, node.text);
    chmodSync(path, node.mode);
  }
}

const noRecipe = {
  source: { name: 'oci.config.yaml', text: '' },
  places: { values: new Map(), keys: new Map() },
};

export function createReading(context: string, more: Partial<Reading> = {}): Reading {
  const gate = createFolderGate(context);
  const { statIndex = emptyStatIndex(), now = Date.now } = more;
  return {
    context,
    gate,
    statIndex,
    now,
    threads: 1,
    digester: createFileDigester({ gate, statIndex, now }),
    store: createMemoryStore(),
    openImage: () => Promise.reject(new Error('no image is read here')),
    download: () => Promise.reject(new Error('nothing is downloaded here')),
    machine: noMachine,
    signal: new AbortController().signal,
    shuffle: undefined,
    lock: undefined,
    onRead: () => undefined,
    ...more,
  };
}

export function copyRequest(source: string, more: Partial<CopyRequest> = {}): CopyRequest {
  return { kind: 'copy', source, include: [], exclude: [], ignore: true, allowSecrets: [], ...more };
}

export interface Copied {
  readonly tree: SourceTree | undefined;
  readonly paths: readonly string[];
  readonly found: readonly Diagnostic[];
  readonly codes: readonly string[];
}

/** Reads one copy of a context. */
export async function copy(
  context: string,
  request: CopyRequest,
  more: Partial<Reading> = {},
): Promise<Copied> {
  const reading = createReading(context, more);
  const collector = createProblemCollector(noRecipe);
  try {
    const ignore = createContextIgnore(reading.gate);
    const tree = await readFileSource(request, { reading, ignore, problems: collector.at('') });
    const found = collector.found();
    const paths = tree?.tree.entries.map((entry) => entry.path) ?? [];
    return { tree, paths, found, codes: found.map((diagnostic) => diagnostic.code) };
  } finally {
    reading.gate.close();
  }
}
