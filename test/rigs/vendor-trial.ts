/**
 * Trials of test/interop/vendor-profiles.test.ts: a push, a pull and a push again through one vendor's oddities, once as
 * the client is, and once with what it does about the oddity switched off.
 */
import { expect, test } from 'vitest';
import { allQuirks, type Quirk } from '../../src/io/registry/quirks.ts';
import type { RegistrySettings } from '../../src/io/registry/registry-settings.ts';
import { createMemoryStore } from '../../src/io/store/memory-store.ts';
import type { BlobStore } from '../../src/io/store/store.ts';
import { storeImage } from '../../src/io/transport/copy-image.ts';
import { deliverToRegistry, openRegistryImage } from '../../src/io/transport/registry.ts';
import type { Receipt } from '../../src/io/transport/transport.ts';
import type { RecordedRequest } from './recording-listener.ts';
import { type Harness, makeHarness, never, stopLater } from './registry-harness.ts';
import { contextOf, referenceTo } from './registry-sample.ts';
import { type TestImage, putTestImage } from './test-image.ts';
import { type Vendor, startVendor } from './vendor-profile.ts';

type MakeVendor = (harness: Harness) => Vendor;
type Given = Partial<RegistrySettings>;

export interface Trip {
  readonly receipt: Receipt;
  /** What the vendor was asked for by the first push. */
  readonly requests: readonly RecordedRequest[];
}

export interface Trial {
  readonly name: string;
  readonly vendor: MakeVendor;
  readonly settings?: Given;
  readonly mountFrom?: string;
  /** What the trip must look like besides. */
  readonly expects?: (trip: Trip) => void;
  /** The rule that copes, or settings that are without it. */
  readonly handling: Quirk | Given;
  /** How it ends without. */
  readonly fails: RegExp;
}

export type TrialImage = TestImage & { readonly blobs: BlobStore };

export const largeLayer = 6 * 1024 * 1024;

/** An image of a small layer and a large one, pushed to `base/image` of the registry itself. */
export async function pushBase(registryHost: string): Promise<TrialImage> {
  const { blobs } = createMemoryStore();
  const image = { blobs, ...(await putTestImage(blobs, ['the base', 'y'.repeat(largeLayer)])) };
  const target = { reference: referenceTo(registryHost, 'base/image'), tags: ['1'] };
  await deliverToRegistry({ ...image, references: [] }, target, contextOf(makeHarness()));
  return image;
}

/** Registers the trial as two tests. */
export function runs(trial: Trial, before: () => Before): void {
  const run = async (off: Given): Promise<void> => {
    const journey = {
      vendor: trial.vendor,
      settings: { ...trial.settings, ...off },
      mountFrom: trial.mountFrom,
    };
    const made = await trip(journey, before());
    trial.expects?.(made);
  };
  test(trial.name, () => run({}));
  const what = typeof trial.handling === 'string' ? trial.handling : Object.keys(trial.handling).join();
  test(`${trial.name}: not without \`${what}\``, async () => {
    await expect(run(without(trial.handling))).rejects.toThrow(trial.fails);
  });
}

export interface Before {
  readonly registryHost: string;
  readonly image: TrialImage;
}

export interface Journey {
  readonly vendor: MakeVendor;
  readonly settings?: Given;
  readonly mountFrom?: string | undefined;
}

let trips = 0;

/** Pushes to a new repository, pulls from it, and pushes again, which must move nothing. */
export async function trip(journey: Journey, { registryHost, image }: Before): Promise<Trip> {
  const harness = makeHarness(journey.settings);
  const vendor = stopLater(await startVendor(journey.vendor(harness), registryHost));
  const reference = referenceTo(vendor.host, `team/app-${String(++trips)}`);
  const delivery = { ...image, references: [], mountFrom: journey.mountFrom };
  const push = (): Promise<Receipt> =>
    deliverToRegistry(delivery, { reference, tags: ['1'] }, contextOf(harness));
  const receipt = await push();
  const requests = [...vendor.requests];
  await expectPulls({ ...reference, tag: '1' }, { harness, image });
  expect(await push()).toMatchObject({ moved: 0, bytes: 0 });
  return { receipt, requests };
}

async function expectPulls(
  reference: Parameters<typeof openRegistryImage>[0],
  { harness, image }: { readonly harness: Harness; readonly image: TrialImage },
): Promise<void> {
  const source = await openRegistryImage(reference, contextOf(harness));
  expect(source.root).toEqual(image.root);
  const { blobs } = createMemoryStore();
  await storeImage(source, blobs, { signal: never });
  for await (const { digest, size } of image.blobs.list()) expect(await blobs.size(digest)).toBe(size);
}

function without(handling: Quirk | Given): Given {
  if (typeof handling !== 'string') return handling;
  return { copesWith: new Set([...allQuirks].filter((quirk) => quirk !== handling)) };
}
