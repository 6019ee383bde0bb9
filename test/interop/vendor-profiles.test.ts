/**
 * Push and pull through the oddities of each vendor (safety.md, Registry behaviour the client must handle), each with
 * a real docker-registry behind it. Every trial runs twice: as the client is, and with what it does about the oddity
 * switched off, which must fail, and for the reason that the trial names.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { deliverToRegistry } from '../../src/io/transport/registry.ts';
import { type DockerRegistry, hasProgram, startDockerRegistry } from '../rigs/docker-registry.ts';
import { failureOf, makeHarness, stopEverything, stopLater } from '../rigs/registry-harness.ts';
import { contextOf, referenceTo } from '../rigs/registry-sample.ts';
import { isMount, startVendor } from '../rigs/vendor-profile.ts';
import {
  type Before,
  largeLayer,
  pushBase,
  runs,
  type Trial,
  trip,
  type Trip,
} from '../rigs/vendor-trial.ts';
import { acr } from '../rigs/vendors/acr.ts';
import { artifactRegistry } from '../rigs/vendors/artifact-registry.ts';
import { dockerHub } from '../rigs/vendors/docker-hub.ts';
import { ecr } from '../rigs/vendors/ecr.ts';
import { ghcr } from '../rigs/vendors/ghcr.ts';
import { harbor } from '../rigs/vendors/harbor.ts';
import { plain } from '../rigs/vendors/plain.ts';
import { quay } from '../rigs/vendors/quay.ts';

const mebibyte = 1024 * 1024;

let registry: DockerRegistry;
let before: Before;

function tries(trial: Trial): void {
  runs(trial, () => before);
}

const inChunks = { uploadChunkBytes: 2 * mebibyte };

function expectMounted({ requests, receipt }: Trip): void {
  expect(requests.some(isMount)).toBe(true);
  // The manifest is all that is sent.
  expect(receipt.bytes, 'bytes sent').toBe(before.image.root.size);
}

/** The large layer went in three chunks, in one upload. */
function expectChunks({ requests }: Trip): void {
  const chunks = requests.filter(({ method }) => method === 'PATCH');
  expect(chunks.map(({ headers }) => headers['content-range'])).toEqual([
    '0-2097151',
    '2097152-4194303',
    '4194304-6291455',
  ]);
}

/** The large layer was refused a PATCH and went in one PUT. */
function expectWhole({ requests }: Trip): void {
  expect(requests.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
  expect(requests.some(({ method, body }) => method === 'PUT' && body.length === largeLayer)).toBe(true);
}

describe.skipIf(!hasProgram('docker-registry'))('vendors (needs docker-registry)', () => {
  beforeAll(async () => {
    registry = await startDockerRegistry();
    before = { registryHost: registry.host, image: await pushBase(registry.host) };
  });
  afterEach(stopEverything);
  afterAll(() => registry.stop());

  describe('docker-registry itself', () => {
    test('takes one PUT, chunks and mounts', async () => {
      await trip({ vendor: plain }, before);
      expectChunks(await trip({ vendor: plain, settings: inChunks }, before));
      expectMounted(await trip({ vendor: plain, mountFrom: 'base/image' }, before));
    });
  });

  describe('Docker Hub', () => {
    tries({
      name: 'resolves a tag without a read that counts',
      vendor: () => dockerHub({ manifestReads: 1 }),
      handling: 'counts-manifest-reads',
      fails: /429 \(TOOMANYREQUESTS: You have reached your pull rate limit.*limit 100 in 6 h, 0 remaining/,
    });
    tries({
      name: 'mounts with the right to pull from the source',
      vendor: () => dockerHub(),
      mountFrom: 'base/image',
      expects: expectMounted,
      handling: 'wants-scope-of-mount-source',
      fails: /bytes sent/,
    });
    tries({
      name: 'is waited for as long as it says',
      vendor: ({ client }) => dockerHub({ busyFor: 60_000, now: () => client.settings.clock.now() }),
      handling: { retries: { attempts: 5, first: 500, longest: 20_000, retryAfter: 0 } },
      fails: /answered 429.* \(tried 5 times\)/,
    });
  });

  describe('GHCR', () => {
    tries({
      name: 'gets a blob in one PUT when its chunks are too large',
      vendor: () => ghcr(),
      settings: { uploadChunkBytes: 5 * mebibyte },
      expects: expectWhole,
      handling: 'refuses-patch',
      fails: /upload bytes 0 to 5242879 .* answered 416/,
    });
    test('takes chunks of 4 MiB', async () => {
      const { requests } = await trip(
        { vendor: () => ghcr(), settings: { uploadChunkBytes: 4 * mebibyte } },
        before,
      );
      expect(requests.filter(({ method }) => method === 'PATCH')).toHaveLength(2);
    });
    for (const forgets of ['a blob at once', 'a blob before the manifest'] as const) {
      tries({
        name: `gets ${forgets.slice(0, 6)} again that it forgot${forgets.slice(6)}`,
        vendor: () => ghcr(forgets),
        handling: 'forgets-blobs',
        fails: /write manifest .*BLOB_UNKNOWN/,
      });
    }
  });

  describe('ECR', () => {
    tries({
      name: 'may answer a PATCH with 201',
      vendor: () => ecr(),
      settings: inChunks,
      expects: expectChunks,
      handling: 'answers-patch-with-201',
      fails: /upload bytes 0 to 2097151 .* answered 201/,
    });
    tries({
      name: 'may repeat the Range of the first chunk',
      vendor: () => ecr(),
      settings: inChunks,
      expects: expectChunks,
      handling: 'repeats-first-range',
      fails: /to deeply equal/,
    });
    tries({
      name: 'may be too busy for a while',
      vendor: () => ecr({ throttled: 3 }),
      handling: { retries: { attempts: 1, first: 1, longest: 1, retryAfter: 1 } },
      fails: /answered 503 \(UNAVAILABLE: Rate exceeded\)/,
    });
    test('without the repository is not asked twice, and the cure is named', async () => {
      const harness = makeHarness();
      const vendor = stopLater(await startVendor(ecr({ missing: 'not/created' }), before.registryHost));
      const target = { reference: referenceTo(vendor.host, 'not/created'), tags: ['1'] };
      const error = await failureOf(
        deliverToRegistry({ ...before.image, references: [] }, target, contextOf(harness)),
      );
      expect(error.facts.registryCodes).toEqual(['NAME_UNKNOWN']);
      expect(error.help).toContain('create the repository first');
      expect(harness.waits).toEqual([]);
    });
  });

  describe('Artifact Registry', () => {
    tries({
      name: 'gets a blob in one PUT where chunks were asked for',
      vendor: artifactRegistry,
      settings: inChunks,
      expects: expectWhole,
      handling: 'refuses-patch',
      fails: /answered 405 \(UNSUPPORTED/,
    });
    test('gets a blob in one PUT anyway', async () => {
      const { requests } = await trip({ vendor: artifactRegistry }, before);
      expect(requests.filter(({ method }) => method === 'PATCH')).toEqual([]);
    });
  });

  describe('ACR', () => {
    for (const [method, settings] of [
      ['PUT', {}],
      ['PATCH', inChunks],
    ] as const) {
      tries({
        name: `starts an upload anew that is lost before a ${method}`,
        vendor: () => acr({ method, happens: 'is lost' }),
        settings,
        handling: 'forgets-uploads',
        fails: /answered 404 \(BLOB_UPLOAD_INVALID/,
      });
    }
    tries({
      name: 'starts an upload anew whose chunk broke off',
      vendor: () => acr({ method: 'PATCH', happens: 'breaks' }),
      settings: inChunks,
      handling: 'forgets-uploads',
      fails: /answered 404 \(BLOB_UPLOAD_INVALID/,
    });
  });

  describe('Harbor', () => {
    for (const status of [401, 403] as const) {
      tries({
        name: `gets the blobs when it answers ${String(status)} to a mount`,
        vendor: () => harbor(status),
        mountFrom: 'nobody/here',
        handling: 'refuses-mount',
        fails: new RegExp(`start the upload .* answered ${String(status)}`),
      });
    }
  });

  describe('Quay', () => {
    tries({
      name: 'mounts when it is told from where',
      vendor: quay,
      mountFrom: 'base/image',
      expects: expectMounted,
      handling: 'wants-source-of-mount',
      fails: /bytes sent/,
    });
  });
});
