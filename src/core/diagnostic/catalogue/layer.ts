/** Diagnostic codes of the area `layer/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const layerCodes = {
  'layer/path-escapes': {
    exit: 'untrusted',
    summary: 'A name or hardlink target in a tar has a `..` component, so it could leave the image.',
  },
  'layer/bad-header': {
    exit: 'untrusted',
    summary: 'A tar header is not what the format allows: a checksum, a number, a name or a magic is wrong.',
  },
  'layer/bad-pax': {
    exit: 'untrusted',
    summary:
      'A PAX extended header is malformed: a record length, a NUL, or a value that its key does not allow.',
  },
  'layer/ambiguous-header': {
    exit: 'untrusted',
    summary: 'A tar entry is written in a way that tar readers understand differently.',
  },
  'layer/unknown-type': {
    exit: 'untrusted',
    summary: 'A tar entry has a type that container runtimes do not know.',
  },
  'layer/sparse-file': {
    exit: 'untrusted',
    summary: 'A tar entry is a GNU sparse file, which is not read here.',
  },
  'layer/root-not-folder': {
    exit: 'untrusted',
    summary: 'A tar entry says that the root of the image is something else than a folder.',
  },
  'layer/bad-hardlink': {
    exit: 'untrusted',
    summary: 'A hardlink in a tar names itself, a folder, or a file that is not there.',
  },
  'layer/not-a-folder': {
    exit: 'untrusted',
    summary: 'A tar entry stands below a path that the same tar says is no folder.',
  },
  'layer/trailing-data': {
    exit: 'untrusted',
    summary: 'Bytes follow the end of a tar or of its compressed stream.',
  },
  'layer/truncated': {
    exit: 'integrity',
    summary: 'A tar, or the compressed stream it is in, ends too early.',
  },
  'layer/too-many-entries': {
    exit: 'untrusted',
    summary: 'A tar has more entries than the limit `maxEntries`.',
  },
  'layer/header-too-large': {
    exit: 'untrusted',
    summary: 'One extended header of a tar is larger than the limit `maxHeaderBytes`.',
  },
  'layer/too-large': {
    exit: 'untrusted',
    summary: 'A decompressed tar is larger than the limit `maxTotalBytes`.',
  },
  'layer/cannot-compress': {
    exit: 'resource',
    summary: 'A thread that compresses layers could not start or do its work, most often for want of memory.',
  },
  'layer/too-compressed': {
    exit: 'untrusted',
    summary: 'A layer decompresses to more than `maxRatio` times its size, as a decompression bomb does.',
  },
  'layer/path-too-long': {
    exit: 'untrusted',
    summary: 'A name in a tar is longer than the limit `maxPathBytes`.',
  },
  'layer/too-deep': {
    exit: 'untrusted',
    summary: 'A name in a tar has more components than the limit `maxDepth`.',
  },
  'layer/file-changed': {
    exit: 'failed',
    summary: 'A file changed between being read for the plan and being packed.',
    retryable: true,
  },
  'layer/whiteout-name': {
    exit: 'usage',
    summary: 'A file to be packed has a name that a layer would read as a whiteout.',
  },
  'layer/xattr-name': {
    exit: 'usage',
    summary: 'An extended attribute has a name that a tar cannot hold.',
  },
  'layer/compression-mismatch': {
    exit: 'untrusted',
    summary: 'The bytes of a layer are compressed in another way than its media type says.',
  },
  'layer/compression-unknown': {
    exit: 'usage',
    summary:
      'An archive is compressed with a part of a format that is not read here, such as a filter of xz.',
  },
  'layer/media-type-unknown': {
    exit: 'untrusted',
    summary: 'A layer has a media type that is no tar layer.',
  },
  'layer/bad-zstd': {
    exit: 'untrusted',
    summary: 'The zstd stream of a layer is malformed.',
  },
  'layer/zstd-checksum': {
    exit: 'integrity',
    summary: 'The content of a zstd frame does not match the checksum at its end.',
  },
  'layer/zstd-dictionary': {
    exit: 'untrusted',
    summary: 'A zstd stream can be read only with a dictionary, which layers do not have.',
  },
  'layer/window-too-large': {
    exit: 'untrusted',
    summary:
      'A zstd or xz stream reaches back further than the limit `maxWindowBytes`, so reading it would take that memory.',
  },
  'layer/bad-xz': {
    exit: 'untrusted',
    summary: 'The xz stream of an archive is malformed.',
  },
  'layer/xz-checksum': {
    exit: 'integrity',
    summary: 'A part of an xz stream does not match the checksum behind it.',
  },
  'layer/bad-bzip2': {
    exit: 'untrusted',
    summary: 'The bzip2 stream of an archive is malformed.',
  },
  'layer/bzip2-checksum': {
    exit: 'integrity',
    summary: 'The content of a bzip2 stream does not match the checksum of its block.',
  },
  'layer/bad-zip': {
    exit: 'untrusted',
    summary: 'A zip file is malformed, or written in a way that zip readers understand differently.',
  },
  'layer/zip-checksum': {
    exit: 'integrity',
    summary: 'The content of a zip entry does not match its checksum.',
  },
  'layer/cannot-unzip': {
    exit: 'resource',
    summary: 'A zip file cannot be kept in a temporary file while it is read, most often for want of space.',
  },
  'layer/zip-encrypted': {
    exit: 'usage',
    summary: 'An entry of a zip file is encrypted.',
  },
  'layer/zstd-package': {
    exit: 'resource',
    summary:
      'The package that zstd layers are made with is missing, or not the version that decides their bytes.',
  },
  'layer/bad-gzip': {
    exit: 'untrusted',
    summary: 'The gzip stream of a layer is malformed.',
  },
  'layer/gzip-checksum': {
    exit: 'integrity',
    summary: 'The content of a gzip stream does not match the checksum or length at its end.',
  },
  'layer/not-as-planned': {
    exit: 'untrusted',
    summary: 'A layer that claims to be a planned one, such as a remote cache’s, holds something else.',
  },
} as const satisfies CatalogueArea<'layer'>;
