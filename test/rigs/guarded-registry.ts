/** A mock registry that wants alice's password and holds one image, `team/app:1`. */
import { createMemoryStore } from '../../src/io/store/memory-store.ts';
import type { Certificate } from './certificate.ts';
import { digest, type MockRegistry, startMockRegistry } from './mock-registry.ts';
import { errorDocument, json, type RecordedRequest, type Reply } from './recording-listener.ts';
import { canaryBase64, stopLater } from './registry-harness.ts';
import { putTestImage, type TestImage } from './test-image.ts';

export interface GuardedOptions {
  readonly tls?: Pick<Certificate, 'key' | 'certificate'>;
  /** Answers requests that bear the password; undefined leaves the answer to the registry. */
  readonly answer?: (request: RecordedRequest) => Reply | undefined;
  /** Answers requests before they are asked for a password. */
  readonly open?: (request: RecordedRequest) => Reply | undefined;
  /** The challenge; basic authentication unless it is given. */
  readonly challenge?: () => string;
  /** The Authorization that is accepted; alice's password unless it is given. */
  readonly accepts?: string;
}

export interface GuardedRegistry extends MockRegistry {
  readonly image: TestImage;
  /** `127.0.0.1:PORT/team/app:1`. */
  readonly reference: string;
}

export async function startGuarded(options: GuardedOptions = {}): Promise<GuardedRegistry> {
  const { answer, tls, challenge = () => 'Basic realm="r"' } = options;
  const accepts = options.accepts ?? `Basic ${canaryBase64}`;
  const override = (request: RecordedRequest): Reply | undefined =>
    options.open?.(request) ??
    (request.headers.authorization === accepts ? answer?.(request) : refusal(challenge()));
  const mock = stopLater(await startMockRegistry({ override, ...(tls && { tls }) }));
  const image = await putImage(mock);
  return Object.assign(mock, { image, reference: `${mock.host}/team/app:1` });
}

function refusal(challenge: string): Reply {
  const document = errorDocument('UNAUTHORIZED', 'authentication required');
  return json(401, document, { 'www-authenticate': challenge });
}

async function putImage(mock: MockRegistry): Promise<TestImage> {
  const { blobs } = createMemoryStore();
  const image = await putTestImage(blobs, ['the first layer', 'the second layer']);
  for (const blob of [image.config, ...image.layers])
    mock.blobs.set(blob.digest, await blobs.readAll(blob.digest, 1_000_000));
  putManifest(mock, image.root.mediaType, await blobs.readAll(image.root.digest, 1_000_000));
  return image;
}

/** Makes `team/app:1` another document. */
export function putManifest(mock: MockRegistry, mediaType: string, bytes: Uint8Array): void {
  mock.manifests.set('team/app:1', { mediaType, bytes });
  mock.manifests.set(`team/app@${digest(bytes)}`, { mediaType, bytes });
}
