/** What most commands open and have to close again: the store, the registries, the renderer. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Emit } from '../core/event/build-event.ts';
import type { Diagnostic, Outcome } from '../core/diagnostic/diagnostic.ts';
import { quoteText } from '../core/diagnostic/escape-text.ts';
import { DiagnosticsError } from '../core/diagnostic/failure.ts';
import type { SourceText } from '../core/diagnostic/source-text.ts';
import type { RegistryClient } from '../io/registry/registry-client.ts';
import { createRenderer, type RendererKind } from '../io/render/create-renderer.ts';
import type { Renderer, Screen } from '../io/render/renderer.ts';
import type { Machine } from '../io/source/machine.ts';
import { type DiskStore, openDiskStore } from '../io/store/disk-store.ts';
import { type Lease, takeLease } from '../io/store/lease.ts';
import { cacheFolder } from './cache-folder.ts';
import { machineOf } from './machine-of.ts';
import { useColor } from './color.ts';
import { CommandError } from './command-error.ts';
import { openRegistries } from './open-registries.ts';
import type { CommonOptions, RegistryOptions } from './options.ts';
import { rendererKind, reportStyle } from './renderer-kind.ts';
import { reportError } from './report-error.ts';
import { repositoryPaths } from './repository-paths.ts';
import type { Surroundings } from './surroundings.ts';

export interface Session {
  readonly store: DiskStore;
  readonly registries: RegistryClient;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly machine: Machine;
  /** The working folder, after `-C`. */
  readonly folder: string;
  /** Where stat indexes are kept. */
  readonly statFolder: string;
  /** Makes a text known that diagnostics point into. */
  readonly addSource: (source: SourceText) => void;
  /** Shows a diagnostic the way progress is shown. */
  show(diagnostic: Diagnostic): void;
  /** The value, its warnings shown; problems are thrown to `withSession`, which ends the command. */
  valueOf<T>(outcome: Outcome<T>): T;
}

export interface SessionRequest {
  readonly options: CommonOptions & RegistryOptions;
  readonly surroundings: Surroundings;
  /** `read-only` for commands that write nothing. */
  readonly access: 'read-write' | 'read-only';
  /** A renderer around the one that the options ask for. */
  readonly wrapRenderer?: (inner: Renderer, screen: Screen, kind: RendererKind) => Renderer;
}

/** Milliseconds between two looks at what is under way where nothing happens. */
const refreshEvery = 250;

/** Opens a session, gives it to `use`, closes it whatever happens; an error is reported and becomes the exit code. */
export async function withSession(
  request: SessionRequest,
  use: (session: Session) => Promise<number>,
): Promise<number> {
  const { options, surroundings } = request;
  const sources = new Map<string, SourceText>();
  const sourceOf = (file: string): SourceText | undefined => sources.get(file);
  const screen = createScreen(options, surroundings);
  const { env, stderr } = surroundings;
  const kind = rendererKind(options, { screen, env });
  const files = { sourceOf, pathOf: repositoryPaths(options, surroundings) };
  const { wrapRenderer = (inner: Renderer): Renderer => inner } = request;
  const renderer = wrapRenderer(createRenderer(kind, screen, files), screen, kind);
  const began = surroundings.now();
  const age = (): number => Math.round(surroundings.now() - began);
  const emit: Emit = (event) => {
    // What a signal has ended has not failed.
    if (event.type === 'action-failed' && surroundings.signal.aborted) return;
    renderer.show({ at: age(), event });
  };
  const refreshing = setInterval(() => renderer.refresh?.(age()), refreshEvery).unref();
  const opened: Opened = {};
  try {
    const session = await openSession(request, { emit, opened, sources });
    return await use(session);
  } catch (error) {
    if (surroundings.signal.aborted) throw error;
    clearInterval(refreshing);
    renderer.close();
    const style = reportStyle(options, { kind, env });
    return reportError(error, { stderr, style, color: screen.color, files });
  } finally {
    clearInterval(refreshing);
    renderer.close();
    opened.lease?.release();
    await opened.registries?.close();
  }
}

interface Opened {
  lease?: Lease;
  registries?: RegistryClient;
}

async function openSession(
  { options, surroundings, access }: SessionRequest,
  parts: { readonly emit: Emit; readonly opened: Opened; readonly sources: Map<string, SourceText> },
): Promise<Session> {
  const { emit, opened, sources } = parts;
  const show = (diagnostic: Diagnostic): void => {
    emit({ type: 'diagnostic', diagnostic });
  };
  const folder = workingFolder(options, surroundings);
  const cache = cacheFolder(surroundings);
  const store = await openDiskStore(join(cache, 'store'), { access, onWarning: show });
  opened.lease = await takeLease(store.folder);
  opened.registries = openRegistries({
    options,
    surroundings,
    folder,
    onWait: show,
  });
  return {
    store,
    registries: opened.registries,
    emit,
    signal: surroundings.signal,
    machine: machineOf(surroundings),
    folder,
    statFolder: join(cache, 'stat'),
    addSource: (source) => {
      sources.set(source.name, source);
    },
    show,
    valueOf: (outcome) => {
      if (!outcome.ok) throw new DiagnosticsError(outcome.diagnostics);
      outcome.warnings.forEach(show);
      return outcome.value;
    },
  };
}

function workingFolder({ directory }: CommonOptions, { cwd }: Surroundings): string {
  if (directory === undefined) return cwd;
  const folder = resolve(cwd, directory);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw new CommandError('command/bad-argument', `-C: ${quoteText(directory)} is no folder`, {
    help: 'name a folder that is there',
  });
}

function createScreen({ color, verbose }: CommonOptions, { stderr, env }: Surroundings): Screen {
  return {
    detail: verbose === true ? 'verbose' : 'normal',
    write: (text) => {
      stderr.write(text);
    },
    get columns() {
      return stderr.columns;
    },
    get rows() {
      return stderr.rows;
    },
    isTty: stderr.isTty,
    color: useColor(color, { env, isTty: stderr.isTty }),
  };
}
