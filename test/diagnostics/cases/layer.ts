/** Archives and layers with each thing that is refused in them, and files that cannot be packed. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { DiagnosticCode } from '../../../src/core/diagnostic/catalogue.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { defaultTarLimits } from '../../../src/core/tar/tar-limits.ts';
import { unpackRootfs } from '../../../src/io/bundle/rootfs.ts';
import { createPacker } from '../../../src/io/layer/packer.ts';
import { unzip } from '../../../src/io/layer/unzip.ts';
import { repackLayer } from '../../../src/io/layer/repack.ts';
import { compileLibzstd } from '../../../src/io/layer/libzstd.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import type { BlobStore } from '../../../src/io/store/store.ts';
import { loadImage } from '../../../src/io/transport/load-image.ts';
import { extended, member, pax, rawHeader, tar } from '../../core/tar/raw-tar.ts';
import { allSteps, fileEntry, gzip6, inChunks, reading } from '../../io/layer/pack-entries.ts';
import { zipOf } from '../../core/zip/raw-zip.ts';
import { block, frame as zstdFrame } from '../../core/zstd/raw-zstd.ts';
import { boundedCase } from '../bounded-process.ts';
import type { DiagnosticCase, Made } from '../diagnostic-case.ts';
import { type CaseProject, inFolder, projectDiagnostics } from '../project-case.ts';

type Files = NonNullable<CaseProject['files']>;

/** An archive of the user. */
function archive(code: DiagnosticCode, bytes: () => Uint8Array): DiagnosticCase {
  const recipe = ['from: scratch', 'layers:', '  - archive: root.tar'];
  return { code, make: () => projectDiagnostics({ recipe, files: { 'root.tar': bytes() } }) };
}

/** The one layer of a base image. */
function base(code: DiagnosticCode, layer: StoredLayer): DiagnosticCase {
  const recipe = ['from: BASE', 'layers: [{ dir: /app }]'];
  const put = async (blobs: BlobStore): Promise<string> => `store:${(await putImage(blobs, layer)).digest}`;
  return { code, make: () => projectDiagnostics({ recipe, base: put }) };
}

/** What only packing finds; `changed` comes into the context when the plan is made already. */
function packed(
  code: DiagnosticCode,
  layer: string,
  { files, changed = {} }: { readonly files: Files; readonly changed?: Files },
): DiagnosticCase {
  const recipe = ['from: scratch', 'layers:', `  - ${layer}`];
  return { code, make: () => projectDiagnostics({ recipe, files, changed }) };
}

interface StoredLayer {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/** The descriptor of the image's manifest. */
async function putImage(blobs: BlobStore, { bytes, mediaType }: StoredLayer) {
  const put = async (type: string, content: Uint8Array) => {
    const { digest, size } = await blobs.put(content);
    return { mediaType: type, digest, size };
  };
  const putJson = (type: string, value: unknown) => put(type, Buffer.from(JSON.stringify(value)));
  const diffId = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const rootfs = { type: 'layers', diff_ids: [diffId] };
  const config = await putJson(mediaTypes.config, { architecture: 'amd64', os: 'linux', rootfs });
  const layers = [await put(mediaType, bytes)];
  const manifest = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers };
  return putJson(mediaTypes.manifest, manifest);
}

/** Unpacks an artifact whose manifest has the shape of an image's, as `layerwright bundle` does. */
async function unpackedArtifact(): Promise<Made> {
  const { blobs } = createMemoryStore();
  const mediaType = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip';
  const { image } = await loadImage(blobs, await putImage(blobs, { bytes: small, mediaType }));
  const { signal } = new AbortController();
  const diagnostics = await inFolder((folder) =>
    unpackRootfs(image, blobs, { destination: join(folder, 'rootfs'), signal }),
  );
  return { diagnostics };
}

/** A caller of the library whose limits are lower than ours, so that no million entries have to be made. */
async function limited(): Promise<Made> {
  const bytes = tar(member({ name: 'a' }), member({ name: 'b' }), member({ name: 'c' }));
  await allSteps(reading(bytes, { limits: { ...defaultTarLimits, maxEntries: 2 } }));
  return { diagnostics: [] };
}

const small = tar(member({ name: 'etc/motd' }, 'hello'));

/** What an installation that overrides what we depend on would load. */
async function otherPackage(): Promise<Made> {
  await compileLibzstd(Buffer.from('another version'));
  return { diagnostics: [] };
}

/** 300 MiB of zeros as the content of one file: members of gzip one after another are one stream (RFC 1952, 2.2). */
function bomb(): Uint8Array {
  const mebibyte = 1024 * 1024;
  const zeros = gzipSync(Buffer.alloc(mebibyte));
  const start = gzipSync(rawHeader({ name: 'zeros', size: 300 * mebibyte }));
  return Buffer.concat([start, ...Array<Buffer>(300).fill(zeros)]);
}

function withWrongChecksum(): Uint8Array {
  const bytes = gzipSync(small);
  bytes.writeUInt32LE(1, bytes.length - 8);
  return bytes;
}

/** 2^40 in base 256, which GNU tar writes where octal digits do not suffice. */
const terabyte = Buffer.from([0x80, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0]);
const gzipOfReservedBlocks = Buffer.from('1f8b0800000000000003ffffffff', 'hex');
/** `echo hello | xz --lzma2=preset=0,dict=4KiB`, and with `--x86` before it. */
const helloXz = Buffer.from(
  '/Td6WFoAAATm1rRGAgAhAQAAAAA3J5fWAQAFaGVsbG8KAAAApWCX8ZT2/eAAAR4GwS+kHR+2830BAAAAAARZWg==',
  'base64',
);
const helloXzForX86 = Buffer.from(
  '/Td6WFoAAATm1rRGAgEEACEBAADaM60DAQAFaGVsbG8KAAAApWCX8ZT2/eAAAR4GwS+kHR+2830BAAAAAARZWg==',
  'base64',
);
/** `echo hello | bzip2 -1`. */
const helloBzip2 = Buffer.from('QlpoMTFBWSZTWcHAgOIAAAFBAAAQAkSgADDNAMNGKZcXckU4UJDBwIDi', 'base64');

async function unzippedNowhere(): Promise<Made> {
  await unzip(inChunks(zipOf()), defaultTarLimits, '/nowhere').next();
  return { diagnostics: [] };
}

function withByte(bytes: Uint8Array, at: number, byte: number): Uint8Array {
  const changed = Uint8Array.from(bytes);
  changed[at] = byte;
  return changed;
}

export const layerCases: readonly DiagnosticCase[] = [
  archive('layer/path-escapes', () => tar(member({ name: '../etc/cron.d/x' }))),
  archive('layer/bad-header', () => Buffer.from(small).fill(0xff, 0, 1)),
  archive('layer/bad-pax', () => tar(pax(Buffer.from('99 path=x\n')), member({}))),
  archive('layer/ambiguous-header', () => tar(pax(['path', 'a']), pax(['path', 'b']), member({}))),
  archive('layer/unknown-type', () => tar(member({ name: 'etc/door', type: 'D' }))),
  archive('layer/sparse-file', () => tar(member({ name: 'disk.img', type: 'S' }))),
  archive('layer/root-not-folder', () => tar(member({ name: '.', type: '2', link: '/etc' }))),
  archive('layer/bad-hardlink', () => tar(member({ name: 'bin/sh', type: '1', link: 'bin/dash' }))),
  archive('layer/not-a-folder', () => tar(member({ name: 'etc' }), member({ name: 'etc/motd' }))),
  archive('layer/trailing-data', () => Buffer.concat([small, small])),
  archive('layer/truncated', () => small.subarray(0, 700)),
  { code: 'layer/too-many-entries', make: limited },
  archive('layer/header-too-large', () => tar(extended('L', 'x'.repeat(1024 * 1024 + 1)), member({}))),
  archive('layer/too-large', () => rawHeader({ name: 'disk.img', size: terabyte })),
  {
    ...archive('layer/too-compressed', bomb),
    // How well zlib compresses differs from release to release.
    scrub: (text) => text.replace(/\d+ bytes of gzip/, 'SOME bytes of gzip'),
  },
  archive('layer/path-too-long', () => tar(pax(['path', 'x'.repeat(5000)]), member({}))),
  archive('layer/too-deep', () => tar(pax(['path', 'd/'.repeat(300)]), member({ type: '5' }))),
  packed('layer/file-changed', 'copy: server.js', {
    files: { 'server.js': 'one' },
    changed: { 'server.js': 'two' },
  }),
  packed('layer/whiteout-name', 'copy: dist', { files: { 'dist/.wh.cache': '' } }),
  packed('layer/xattr-name', '{ copy: server.js, xattrs: { user.a=b: x } }', { files: { 'server.js': '' } }),
  base('layer/compression-mismatch', { bytes: small, mediaType: mediaTypes.layerGzip }),
  archive('layer/compression-unknown', () => helloXzForX86),
  archive('layer/bad-zip', () => zipOf({ name: 'a', content: 'x' }, { name: 'a', content: 'y' })),
  archive('layer/zip-checksum', () => zipOf({ name: 'etc/motd', content: 'x', crc: 1 })),
  archive('layer/zip-encrypted', () => zipOf({ name: 'etc/motd', content: 'x', flags: 1 })),
  { code: 'layer/cannot-unzip', make: unzippedNowhere },
  archive('layer/bad-xz', () => withByte(helloXz, 24, 9)),
  archive('layer/xz-checksum', () => withByte(helloXz, 8, 0)),
  archive('layer/bad-bzip2', () => withByte(helloBzip2, 4, 0)),
  archive('layer/bzip2-checksum', () => withByte(helloBzip2, 10, 0)),
  { code: 'layer/media-type-unknown', make: unpackedArtifact },
  archive('layer/bad-zstd', () => zstdFrame({ window: 0, reserved: true })),
  archive('layer/zstd-checksum', () => zstdFrame({ window: 0, checksum: 1 }, block(new Uint8Array(0)))),
  archive('layer/zstd-dictionary', () => zstdFrame({ window: 0, dictionary: Uint8Array.of(7) })),
  base('layer/window-too-large', { bytes: zstdFrame({ window: 0xff }), mediaType: mediaTypes.layerZstd }),
  { code: 'layer/zstd-package', make: otherPackage },
  archive('layer/bad-gzip', () => gzipOfReservedBlocks),
  archive('layer/gzip-checksum', withWrongChecksum),
  boundedCase('layer/cannot-compress', { '-p': 1 }),
  {
    code: 'layer/not-as-planned',
    make: async () => {
      await repackLayer({
        claimed: inChunks(gzipSync(Buffer.alloc(1024))),
        entries: [fileEntry('app/server', 'serve();')],
        tarBytes: 2048,
        compression: gzip6,
        sink: { write: () => undefined },
        packer: createPacker({ threads: 1 }),
        signal: new AbortController().signal,
        onProgress: () => undefined,
      });
      return { diagnostics: [] };
    },
  },
];
