/**
 * Reads the world once: every source and base image that the targets name, equal requests one time, and every problem
 * of every one of them in one run. Afterwards nothing but contents is read again, and those are held to their digests.
 */
import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { type Outcome, outcomeOf } from '../../core/diagnostic/diagnostic.ts';
import {
  type BaseImage,
  type BaseRequest,
  type NpmRequest,
  requestKey,
  type Snapshot,
  type SourceTree,
} from '../../core/plan/snapshot.ts';
import { sourceRequests } from '../../core/plan/source-request.ts';
import type { Emit } from '../../core/event/build-event.ts';
import { pointerOf } from '../../core/recipe/pointer-of.ts';
import type { LockDocument } from '../../core/recipe/lock/lock.ts';
import type { Recipe, Target } from '../../core/recipe/recipe.ts';
import { parseBaseReference } from '../../core/recipe/transport-reference.ts';
import type { Download } from '../download/download-request.ts';
import { inParallel } from '../registry/in-parallel.ts';
import type { Store } from '../store/store.ts';
import type { ArchiveRequest } from './archive-source.ts';
import { type ContextIgnore, createContextIgnore, ignoreFileName } from './context-ignore.ts';
import { createFileDigester } from './digest-file.ts';
import { type CopyRequest, readFileSource } from './file-source.ts';
import { createFolderGate } from './folder-gate.ts';
import type { Machine } from './machine.ts';
import {
  createProblemCollector,
  type ProblemCollector,
  type Problems,
  sayingFailures,
} from './problem-collector.ts';
import type { OnRead } from './read-place.ts';
import type { OpenImage, Reading } from './reading.ts';
import { isRemote, readRemote, type RemoteRequest } from './read-remote.ts';
import { isOutside } from './is-outside.ts';
import type { StatIndex } from './stat-index.ts';

export interface SnapshotContext {
  /** For the places of problems. */
  readonly recipe: Pick<Recipe, 'source' | 'places'>;
  /** Absolute. */
  readonly contextFolder: string;
  readonly store: Store;
  readonly openImage: OpenImage;
  readonly download: Download;
  readonly machine: Machine;
  /** Told what is fetched; nobody is, if absent. */
  readonly emit?: Emit;
  /** What images, files and packages are pinned to; what it does not pin is resolved now. */
  readonly lock?: LockDocument;
  readonly statIndex: StatIndex;
  /** Told each place that is looked at, before it is; images say for themselves where they stand. */
  readonly onRead?: OnRead;
  readonly signal: AbortSignal;
  /** How many threads may read sources at the same time; one, the caller's own, if absent. */
  readonly threads?: number;
  /** Milliseconds since 1970, which decides only whether the stat index trusts a file's time. */
  readonly now?: () => number;
  /** The order in which names are visited; it must not matter, and tests shuffle it. */
  readonly shuffle?: (names: string[]) => string[];
}

/** The facts, or every problem found, in the order of the recipe's text. An abort rejects. */
export async function takeSnapshot(
  targets: readonly Target[],
  context: SnapshotContext,
): Promise<Outcome<Snapshot>> {
  const { onRead = () => undefined, contextFolder } = context;
  const problems = createProblemCollector(context.recipe);
  onRead({ folder: dirname(contextFolder), name: basename(contextFolder) });
  const root = realFolder(contextFolder, problems);
  if (root === undefined) return outcomeOf(problems.found(), emptySnapshot);
  onRead({ folder: root, name: ignoreFileName });
  const gate = createFolderGate(root);
  try {
    const { statIndex, now = () => Date.now(), threads = 1 } = context;
    const digester = createFileDigester({ gate, statIndex, now });
    const { shuffle, lock } = context;
    const reading = { ...context, context: root, gate, digester, now, threads, shuffle, lock, onRead };
    const taking: Taking = { reading, ignore: createContextIgnore(gate), problems };
    const snapshot = await readAll(taking, targets);
    return outcomeOf(problems.found(), () => snapshot);
  } finally {
    gate.close();
  }
}

function emptySnapshot(): Snapshot {
  return { sources: {}, bases: {} };
}

function realFolder(folder: string, problems: ProblemCollector): string | undefined {
  try {
    return realpathSync(folder);
  } catch {
    const message = `the context ${quoteText(folder)} is not there`;
    problems
      .at('/context')
      .error({ code: 'source/missing', message, help: 'correct `context`, or make the folder' });
    return undefined;
  }
}

interface Taking {
  readonly reading: Reading;
  readonly ignore: ContextIgnore;
  readonly problems: ProblemCollector;
}

/** What is read, and where its problems go. */
interface Asked<Request> {
  readonly request: Request;
  readonly problems: Problems;
}

async function readAll(taking: Taking, targets: readonly Target[]): Promise<Snapshot> {
  const sources = Object.create(null) as Record<string, SourceTree>;
  const bases = Object.create(null) as Record<string, BaseImage>;
  const { local, remote, npm } = askedSources(taking, targets);
  for (const { request, problems } of local) {
    const tree = await readLocal(taking, request, problems);
    if (tree !== undefined) sources[requestKey(request)] = tree;
  }
  const wantsFiles = targets.some(({ image }) => image.layers.some(({ dedupe }) => dedupe !== undefined));
  const reads = [
    ...askedBases(taking, targets).map(
      ({ request, problems }) =>
        () =>
          sayingFailures(problems, async () => {
            const { readBase, readWholeBase } = await import('./read-outside.ts');
            bases[requestKey(request)] = await (wantsFiles ? readWholeBase : readBase)(
              taking.reading,
              request,
            );
          }),
    ),
    ...remote.map(
      ({ request, problems }) =>
        () =>
          sayingFailures(problems, async () => {
            sources[requestKey(request)] = await readRemote(taking.reading, request, problems);
          }),
    ),
    ...npm.map(
      ({ requests, problems }) =>
        () =>
          sayingFailures(problems, async () => {
            const { readNpmSource } = await import('./npm-source.ts');
            const trees = await readNpmSource(requests[0], { reading: taking.reading, problems });
            for (const request of requests) {
              const tree = trees?.[request.part ?? 0];
              if (tree !== undefined) sources[requestKey(request)] = tree;
            }
          }),
    ),
  ];
  await inParallel(reads, { limit: parallel, signal: taking.reading.signal }, (read) => read());
  const commitTime = await commitTimeFor(taking, targets);
  const ignore = local.some(({ request }) => request.kind === 'copy' && request.ignore)
    ? taking.ignore.text()
    : undefined;
  return {
    sources,
    bases,
    ...(commitTime === undefined ? {} : { commitTime }),
    ...(ignore === undefined ? {} : { ignore }),
  };
}

/** Images and files that are read at the same time. */
const parallel = 4;

type LocalRequest = CopyRequest | ArchiveRequest;

/** Packages that are spread over layers are read at once, for all of their layers. */
interface AskedPackages {
  readonly requests: [NpmRequest, ...NpmRequest[]];
  readonly problems: Problems;
}

interface AskedSources {
  readonly local: readonly Asked<LocalRequest>[];
  readonly remote: readonly Asked<RemoteRequest>[];
  readonly npm: readonly AskedPackages[];
}

function askedSources({ problems }: Taking, targets: readonly Target[]): AskedSources {
  const local = new Map<string, Asked<LocalRequest>>();
  const remote = new Map<string, Asked<RemoteRequest>>();
  const npm = new Map<string, AskedPackages>();
  for (const { request, at } of targets.flatMap(sourceRequests)) {
    const key = requestKey(request.kind === 'npm' ? wholeRequest(request) : request);
    const packages = npm.get(key);
    if (request.kind === 'npm' && packages !== undefined) packages.requests.push(request);
    if (local.has(key) || remote.has(key) || packages !== undefined) continue;
    const asked = { problems: problems.at(`${at}/${request.kind}`) };
    if (isRemote(request)) remote.set(key, { request, ...asked });
    else if (request.kind === 'npm') npm.set(key, { requests: [request], ...asked });
    else local.set(key, { request, ...asked });
  }
  return { local: [...local.values()], remote: [...remote.values()], npm: [...npm.values()] };
}

/** The same for each of its layers. */
function wholeRequest({ part: _any, ...request }: NpmRequest): NpmRequest {
  return request;
}

// What reads tars, images and git is loaded for the recipes that name them.
async function readLocal(
  taking: Taking,
  request: LocalRequest,
  problems: Problems,
): Promise<SourceTree | undefined> {
  if (request.kind === 'copy') return readFileSource(request, { ...taking, problems });
  const { readArchiveSource } = await import('./archive-source.ts');
  return readArchiveSource(request, { ...taking, problems });
}

/** Bases that stand outside: neither `scratch` nor another image of the recipe. */
function askedBases({ problems }: Taking, targets: readonly Target[]): Asked<BaseRequest>[] {
  const asked = new Map<string, Asked<BaseRequest>>();
  for (const { image, platform } of targets) {
    const request: BaseRequest = { reference: image.from, platform };
    const key = requestKey(request);
    const parsed = parseBaseReference(image.from);
    if (asked.has(key) || (parsed.ok && !isOutside(parsed.value))) continue;
    asked.set(key, { request, problems: problems.at(pointerOf(image, 'from')) });
  }
  return [...asked.values()];
}

async function commitTimeFor(taking: Taking, targets: readonly Target[]): Promise<number | undefined> {
  const asks = targets.find(({ image }) => image.created === 'commit');
  if (asks === undefined) return undefined;
  const { image } = asks;
  const problems = taking.problems.at(pointerOf(image, 'created'));
  let time: number | undefined;
  await sayingFailures(problems, async () => {
    const { readCommitTime } = await import('./commit-time.ts');
    time = await readCommitTime(taking.reading);
  });
  return time;
}
