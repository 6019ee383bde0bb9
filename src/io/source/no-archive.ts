/**
 * What is called an archive and is none: a page that says that nothing is there, a pointer of git-lfs, a format that is
 * not read. A tar reader would only say that its first header is wrong.
 */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { isUrl } from '../../core/recipe/value/web-address.ts';
import { LayerError } from '../../core/tar/layer-error.ts';
import { readBlock } from '../../core/tar/read-block.ts';
import { blockSize, fieldOf, fields } from '../../core/tar/tar-block.ts';
import { compressionOfBytes } from '../layer/compression.ts';
import type { ArchiveBytes } from './archive-bytes.ts';
import { readRange } from './file-chunks.ts';
import { SourceError } from './source-error.ts';

/** `error` where it says enough, else SourceError `source/archive-format`; throws what reading the bytes throws. */
export async function refusalOf(error: unknown, source: string, bytes: ArchiveBytes): Promise<unknown> {
  const isAboutTar =
    error instanceof LayerError && (error.code === 'layer/bad-header' || error.code === 'layer/truncated');
  if (!isAboutTar) return error;
  const start = await bytes.read((chunks) => readRange(chunks, { offset: 0, size: blockSize }));
  if (start.length === 0 || compressionOfBytes(start) !== 'none' || isHeader(start)) return error;
  const read = 'what is read is tar, plain or compressed with gzip, xz, zstd or bzip2, and zip';
  const pin = isUrl(source) ? '; `layerwright update` pins what the URL gives later' : '';
  return new SourceError(
    'source/archive-format',
    `${quoteText(source)} is no archive: it begins with ${quoteText(firstWords(start))}`,
    { help: `${read}${pin}` },
  );
}

/** A damaged header that says what it is stays the reader's to refuse. */
function isHeader(start: Uint8Array): boolean {
  if (start.length < blockSize) return false;
  if (Buffer.from(fieldOf(start, fields.magic)).toString('latin1').startsWith('ustar')) return true;
  try {
    readBlock(start, 0);
    return true;
  } catch (error) {
    if (error instanceof LayerError) return false;
    throw error;
  }
}

function firstWords(start: Uint8Array): string {
  return Buffer.from(start.subarray(0, mostShown)).toString('utf8').split('\n', 1)[0] ?? '';
}

const mostShown = 24;
