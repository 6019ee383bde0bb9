/** Layouts and archives that are not what they are named as, damaged ones, and places that cannot be written. */
import { renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DiagnosticCode } from '../../../src/core/diagnostic/catalogue.ts';
import { encodedOf } from '../../../src/core/digest/digest.ts';
import { type Descriptor } from '../../../src/core/oci/descriptor.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { storeImage } from '../../../src/io/transport/copy-image.ts';
import { deliverToDockerArchive } from '../../../src/io/transport/docker-archive.ts';
import { findEngine, loadIntoEngine } from '../../../src/io/transport/engine.ts';
import { deliverToLayout, openLayout } from '../../../src/io/transport/layout.ts';
import { deliverToOciArchive, openOciArchive } from '../../../src/io/transport/oci-archive.ts';
import type { ImageSource } from '../../../src/io/transport/transport.ts';
import {
  putJson,
  quietContext,
  sampleImage,
  type SampleImage,
  sampleIndex,
  tarWith,
} from '../../io/transport/sample-image.ts';
import { boundedCase, scrubFolder } from '../bounded-process.ts';
import type { DiagnosticCase } from '../diagnostic-case.ts';
import { inFolder, writeFiles } from '../project-case.ts';

function failing(code: DiagnosticCode, act: (folder: string) => Promise<unknown>): DiagnosticCase {
  const make: DiagnosticCase['make'] = () =>
    inFolder(async (folder) => {
      await act(folder);
      return { diagnostics: [] };
    });
  return { code, make, scrub: scrubFolder };
}

/** The layout `out` with one image called `1.4.0`, which is damaged and then copied. */
function copying(code: DiagnosticCode, damage: (layout: string, layerFile: string) => void): DiagnosticCase {
  return failing(code, async (folder) => {
    const image = await sampleImage();
    await deliver(image, folder, '1.4.0');
    const layout = join(folder, 'out');
    const [layer] = image.layers;
    damage(layout, join(layout, 'blobs/sha256', layer === undefined ? '' : encodedOf(layer.digest)));
    await copy(await openLayout({ transport: 'oci', path: layout }));
  });
}

async function copy(source: ImageSource): Promise<void> {
  try {
    await storeImage(source, createMemoryStore().blobs, { signal: new AbortController().signal });
  } finally {
    await source.close();
  }
}

function deliver(image: SampleImage, folder: string, tag: string): Promise<unknown> {
  return deliverToLayout(
    deliveryOf(image),
    { transport: 'oci', path: join(folder, 'out'), tag },
    quietContext(),
  );
}

function deliveryOf({ root, blobs }: Pick<SampleImage, 'root' | 'blobs'>) {
  return { root, references: [], blobs };
}

/** Asks a layout that holds `1.4.0` and `1.5.0` for an image. */
function asking(code: DiagnosticCode, wanted: { readonly tag?: string }): DiagnosticCase {
  return failing(code, async (folder) => {
    await deliver(await sampleImage(), folder, '1.4.0');
    await deliver(await sampleImage({ contents: ['other'] }), folder, '1.5.0');
    await openLayout({ transport: 'oci', path: join(folder, 'out'), ...wanted });
  });
}

function archive(folder: string) {
  return { transport: 'oci-archive', path: join(folder, 'api.tar') } as const;
}

/** Writes a docker-archive. */
function saving(
  code: DiagnosticCode,
  image: () => Promise<Pick<SampleImage, 'root' | 'blobs'>>,
  reference?: string,
): DiagnosticCase {
  return failing(code, async (folder) => {
    const named = reference === undefined ? {} : { reference };
    const to = { transport: 'docker-archive', path: join(folder, 'api.tar'), ...named } as const;
    await deliverToDockerArchive(deliveryOf(await image()), to, quietContext());
  });
}

async function zstdImage(): Promise<{ root: Descriptor; blobs: SampleImage['blobs'] }> {
  const { blobs, config, layers } = await sampleImage();
  const packed = layers.map((layer) => ({ ...layer, mediaType: mediaTypes.layerZstd }));
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers: packed };
  return { blobs, root: await putJson(blobs, mediaTypes.manifest, manifest) };
}

/** An engine called docker that does this for `load`, or none at all. */
function loading(code: DiagnosticCode, load: string | undefined): DiagnosticCase {
  return failing(code, async (folder) => {
    const program = join(folder, 'docker');
    if (load !== undefined) {
      writeFileSync(program, `#!/bin/sh\nif [ "$1" = load ]; then ${load}; fi\n`, { mode: 0o755 });
    }
    const image = await sampleImage();
    const engine = await findEngine({ env: { PATH: folder }, signal: quietContext().signal });
    await loadIntoEngine(deliveryOf(image), engine, quietContext());
  });
}

export const transportCases: readonly DiagnosticCase[] = [
  loading('transport/no-engine', undefined),
  loading('transport/engine-failed', 'echo "write /layer.tar: no space left on device" >&2; exit 1'),
  failing('transport/not-found', (folder) => openLayout({ transport: 'oci', path: join(folder, 'out') })),
  failing('transport/not-an-image', (folder) => openLayout({ transport: 'oci', path: folder })),
  asking('transport/unknown-tag', { tag: '1.6.0' }),
  asking('transport/ambiguous-image', {}),
  copying('transport/bad-document', (layout) => {
    writeFileSync(join(layout, 'index.json'), '{"schemaVersion":2,"manifests":[],"manifests":[]}');
  }),
  copying('transport/linked-entry', (layout, layerFile) => {
    renameSync(layerFile, join(layout, 'elsewhere'));
    symlinkSync(join(layout, 'elsewhere'), layerFile);
  }),
  copying('transport/blob-missing', (_, layerFile) => {
    rmSync(layerFile);
  }),
  copying('transport/blob-mismatch', (_, layerFile) => {
    truncateSync(layerFile, 20);
  }),
  failing('transport/refused-archive', async (folder) => {
    const twice = { name: 'oci-layout', content: Buffer.from('{"imageLayoutVersion":"1.0.0"}') };
    writeFileSync(archive(folder).path, await tarWith([twice, twice]));
    await openOciArchive(archive(folder));
  }),
  failing('transport/broken-archive', async (folder) => {
    await deliverToOciArchive(deliveryOf(await sampleImage()), archive(folder), quietContext());
    truncateSync(archive(folder).path, 1700);
    await openOciArchive(archive(folder));
  }),
  failing('transport/not-ours', async (folder) => {
    writeFiles(folder, { 'out/notes.txt': 'mine' });
    await deliver(await sampleImage(), folder, '1.4.0');
  }),
  saving('transport/one-platform', sampleIndex),
  saving('transport/not-for-docker', zstdImage),
  saving('transport/bad-reference', sampleImage, 'Acme API'),
  boundedCase('transport/full', { '-f': 100 }),
  boundedCase('transport/read-only'),
  boundedCase('transport/no-permission'),
  boundedCase('transport/too-many-files', { '-n': 64 }),
  failing('transport/io', async (folder) => {
    // Nothing is mapped at the address 0, so the system answers as a broken disk does.
    symlinkSync('/proc/self/mem', archive(folder).path);
    await openOciArchive(archive(folder));
  }),
];
