/** A registry client for tests: waits cost no time and are remembered, timeouts are short, everything is closed. */
import { inspect } from 'node:util';
import type { Credential, Credentials } from '../../src/io/registry/credential.ts';
import { RegistryClient } from '../../src/io/registry/registry-client.ts';
import { RegistryError } from '../../src/io/registry/registry-error.ts';
import { resolveManifest } from '../../src/io/registry/manifests.ts';
import { type RegistrySettings, registrySettings } from '../../src/io/registry/registry-settings.ts';
import { Secret } from '../../src/io/registry/secret.ts';
import { type MockOptions, type MockRegistry, digest, startMockRegistry } from './mock-registry.ts';
import {
  errorDocument,
  json,
  type RecordingListener,
  type Respond,
  startListener,
} from './recording-listener.ts';

/** Must be seen by nobody but the registry it is for. */
export const canary = 'canary-s3cret-0815';
export const canaryBase64 = Buffer.from(`alice:${canary}`).toString('base64');

export interface Harness {
  readonly client: RegistryClient;
  /** Milliseconds of each wait that was asked for. */
  readonly waits: readonly number[];
  readonly notices: readonly string[];
  /** Moves the clock, in milliseconds. */
  advance(milliseconds: number): void;
}

const started: { stop(): Promise<void> }[] = [];

/** Stops something after the test. */
export function stopLater<T extends { stop(): Promise<void> }>(running: T): T {
  started.push(running);
  return running;
}

export function makeHarness(given: Partial<RegistrySettings> = {}): Harness {
  const waits: number[] = [];
  const notices: string[] = [];
  let now = Date.UTC(2026, 0, 1);
  const settings = registrySettings({
    timeouts: { connect: 2000, headers: 2000, lowSpeed: { window: 200, bytesPerSecond: 1000 } },
    random: () => 0.5,
    clock: {
      now: () => now,
      wait: (milliseconds) => {
        waits.push(milliseconds);
        now += milliseconds;
        return Promise.resolve();
      },
    },
    onWait: (notice) => notices.push(notice.message),
    ...given,
  });
  const client = new RegistryClient(settings);
  stopLater({ stop: () => client.close() });
  return { client, waits, notices, advance: (milliseconds) => (now += milliseconds) };
}

/** For afterEach. */
export async function stopEverything(): Promise<void> {
  await Promise.all(started.splice(0).map((running) => running.stop()));
}

const mediaType = 'application/vnd.oci.image.index.v1+json';
const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests: [] }));

/** The digest of `a/b:1` in a registry of `startTagged`. */
export const taggedDigest = digest(bytes);

/** A mock registry that has the tag `a/b:1`, an empty index. */
export async function startTagged(
  override?: MockOptions['override'],
  options: Omit<MockOptions, 'override'> = {},
): Promise<MockRegistry> {
  const mock = stopLater(await startMockRegistry({ ...options, ...(override && { override }) }));
  mock.manifests.set('a/b:1', { mediaType, bytes });
  return mock;
}

/** Resolves `a/b:1`. */
export async function resolveTagged(host: string, harness: Harness): Promise<string> {
  const repository = await harness.client.open(host, 'a/b', { purpose: 'read', signal: never });
  return (await resolveManifest(repository, { tag: '1' }, never)).digest;
}

/** A harness that has alice's password for the host, which speaks plain http. */
export function harnessFor(host: string, given: Partial<RegistrySettings> = {}): Harness {
  return makeHarness({ credentials: canaryFor(host), plainHttp: [host], ...given });
}

/** The canary did not get there. */
export function expectNoCanary(listener: RecordingListener): void {
  const seen = listener.seen();
  if (seen.includes(canary) || seen.includes(canaryBase64))
    throw new Error(`the canary was sent to ${listener.host}`);
}

/** alice, whose password is the canary, for these registries. */
export function canaryFor(...registries: readonly string[]): Credentials {
  const credential: Credential = {
    kind: 'password',
    username: 'alice',
    password: new Secret(canary),
    source: '/home/alice/.docker/config.json',
  };
  return { find: ({ registry }) => Promise.resolve(registries.includes(registry) ? credential : undefined) };
}

export const never = new AbortController().signal;

/** The error that something ends with; it must be a RegistryError, and must not show the canary anywhere. */
export async function failureOf(work: Promise<unknown>): Promise<RegistryError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RegistryError))
    throw new Error(`no RegistryError but ${String(error)}`, { cause: error });
  const shown = `${error.message} ${error.help ?? ''} ${String(error.stack)} ${inspect(error, { depth: 9 })}`;
  if (shown.includes(canary) || shown.includes(canaryBase64)) throw new Error(`the canary is in: ${shown}`);
  return error;
}

/** A listener that ends with the test. */
export async function listen(respond: Respond): Promise<RecordingListener> {
  return stopLater(await startListener(respond));
}

/** A registry that wants `authorization`, and challenges with `challenge` until it gets it. */
export async function guarded(
  challenge: () => string,
  authorization: (header: string) => boolean,
): Promise<MockRegistry> {
  return await startTagged((request) =>
    authorization(request.headers.authorization ?? '')
      ? undefined
      : json(401, errorDocument('UNAUTHORIZED', 'authentication required'), {
          'www-authenticate': challenge(),
        }),
  );
}
