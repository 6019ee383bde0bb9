/** Images and bundles that are not what they say, and builds that give two images. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageMeant } from '../../../src/cli/rebuild-image.ts';
import { rebuildDiffers } from '../../../src/cli/verify-rebuild.ts';
import { buildsDiffer } from '../../../src/cli/verify-twice.ts';
import type { Difference } from '../../../src/core/compare/difference.ts';
import { Bug } from '../../../src/core/diagnostic/bug.ts';
import type { DiagnosticCode } from '../../../src/core/diagnostic/catalogue.ts';
import type { Descriptor } from '../../../src/core/oci/descriptor.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { writeBundle } from '../../../src/io/bundle/runtime-bundle.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { openStored } from '../../../src/io/transport/stored.ts';
import { imageDifferences } from '../../../src/io/verify/image-differences.ts';
import type { ImageSide } from '../../../src/io/verify/image-side.ts';
import { verifyBundle } from '../../../src/io/verify/verify-bundle.ts';
import { verifyImage } from '../../../src/io/verify/verify-image.ts';
import { putJson, sampleImage, type SampleImage } from '../../io/transport/sample-image.ts';
import { imageOf } from '../../rigs/layer-image.ts';
import { rawTar } from '../../rigs/raw-tar.ts';
import { scrubFolder } from '../bounded-process.ts';
import type { DiagnosticCase } from '../diagnostic-case.ts';
import { inFolder, planOf } from '../project-case.ts';

const { signal } = new AbortController();

/** What verifying the sample image finds when its config or the bytes of its blobs are others. */
function verifying(
  code: DiagnosticCode,
  damage: (sample: SampleImage, side: ImageSide) => Promise<ImageSide>,
): DiagnosticCase {
  const make: DiagnosticCase['make'] = async () => {
    const sample = await sampleImage({ packing: 'none' });
    const { source, root } = await damage(sample, await sideOf(sample));
    const { problems } = await verifyImage(source, root, { signal, onRead: () => undefined });
    return { diagnostics: problems };
  };
  return { code, make };
}

async function sideOf({ blobs, root }: Pick<SampleImage, 'blobs' | 'root'>): Promise<ImageSide> {
  return { source: await openStored(root.digest, blobs), root };
}

/** The sample image with some members of its config replaced. */
async function withConfig(
  { blobs, layers, config: old }: SampleImage,
  members: Readonly<Record<string, unknown>>,
): Promise<ImageSide> {
  const known = JSON.parse(Buffer.from(await blobs.readAll(old.digest, 1 << 20)).toString()) as object;
  const config = await putJson(blobs, mediaTypes.config, { ...known, ...members });
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers };
  return sideOf({ blobs, root: await putJson(blobs, mediaTypes.manifest, manifest) });
}

async function firstDifference(): Promise<Difference> {
  const pair = {
    rebuilt: await sideOf(await sampleImage()),
    given: await sideOf(await sampleImage({ contents: ['first', 'third'] })),
  };
  for await (const difference of imageDifferences(pair, signal)) return difference;
  throw new Bug('the two sample images are one');
}

/** A bundle of an image with one file, after `change` was done to it. */
function bundled(code: DiagnosticCode, change: (bundle: string) => void): DiagnosticCase {
  const make: DiagnosticCase['make'] = () =>
    inFolder(async (folder) => {
      const { blobs } = createMemoryStore();
      const image = await imageOf(blobs, [rawTar([{ name: 'greeting', content: 'hello' }])], {
        Cmd: ['/greeting'],
      });
      const destination = join(folder, 'bundle');
      const request = { destination, runtime: {}, runtimeFolder: folder, rootless: undefined };
      await writeBundle(image, blobs, { ...request, signal });
      change(destination);
      await verifyBundle(destination, blobs);
      return { diagnostics: [] };
    });
  return { code, make, scrub: scrubFolder };
}

export const verifyCases: readonly DiagnosticCase[] = [
  verifying('verify/blob-mismatch', async ({ blobs, layers: [layer] }, { source, root }) => {
    const [, other] = (await sampleImage({ blobs, packing: 'none' })).layers;
    const swap = (asked: Descriptor): Descriptor =>
      asked.digest === layer?.digest ? (other ?? asked) : asked;
    return { source: { ...source, openBlob: (asked) => source.openBlob(swap(asked)) }, root };
  }),
  verifying('verify/layer-digest', (sample) => {
    const diffIds = sample.layers.map(({ digest }) => digest).reverse();
    return withConfig(sample, { rootfs: { type: 'layers', diff_ids: diffIds } });
  }),
  verifying('verify/contradiction', (sample) => withConfig(sample, { history: [{ created_by: 'by hand' }] })),
  {
    code: 'verify/rebuild-differs',
    make: async () => {
      throw rebuildDiffers(await firstDifference(), { reference: 'oci:out/api' });
    },
  },
  {
    code: 'verify/builds-differ',
    make: async () => {
      throw buildsDiffer('api', await firstDifference());
    },
  },
  {
    code: 'verify/which-image',
    make: async () => {
      const recipe = ['layers: [{ dir: /app }]', 'images:', '  api: {}', '  debug: {}'];
      const { portable } = await planOf({ recipe });
      imageMeant(portable.plan.images, []);
      return { diagnostics: [] };
    },
  },
  {
    code: 'verify/no-bundle',
    make: () =>
      inFolder(async (folder) => {
        await verifyBundle(folder, createMemoryStore().blobs);
        return { diagnostics: [] };
      }),
    scrub: scrubFolder,
  },
  bundled('verify/bundle-changed', (bundle) => {
    writeFileSync(join(bundle, 'rootfs/greeting'), 'HELLO');
  }),
];
