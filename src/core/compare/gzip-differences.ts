/** The headers of two gzip streams side by side (RFC 1952, 2.3): what tools write there of themselves and of the day. */
import { quoteText } from '../diagnostic/escape-text.ts';
import { pathFromBytes } from '../tree/image-path.ts';
import { type Found, type Sides, unequal } from './difference.ts';

/** How many bytes of a stream are enough; a name longer than what is left is cut. */
export const gzipHeaderBytes = 512;

export function* gzipHeaderDifferences({ rebuilt, given }: Sides<Uint8Array>): Generator<Found> {
  const [ours, theirs] = [headerOf(rebuilt), headerOf(given)];
  for (const field of ['mtime', 'OS', 'XFL', 'name', 'flags'] as const) {
    const values = { rebuilt: ours[field], given: theirs[field] };
    yield* unequal({ field: `gzip header ${field}`, what: `gzip header ${field}` }, values);
  }
}

type GzipHeader = Readonly<Record<'mtime' | 'OS' | 'XFL' | 'name' | 'flags', string>>;

// RFC 1952, 2.3.1: FHCRC, FEXTRA, FNAME.
const hasExtra = 4;
const hasName = 8;

function headerOf(bytes: Uint8Array): GzipHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const flags = bytes[3] ?? 0;
  return {
    mtime: String(bytes.length < 8 ? 0 : view.getUint32(4, true)),
    OS: String(bytes[9] ?? 0),
    XFL: String(bytes[8] ?? 0),
    name: quoteText((flags & hasName) === 0 ? '' : nameIn(bytes, flags)),
    flags: String(flags & ~hasName),
  };
}

function nameIn(bytes: Uint8Array, flags: number): string {
  const extra = (flags & hasExtra) === 0 ? 0 : 2 + (bytes[10] ?? 0) + 256 * (bytes[11] ?? 0);
  const rest = bytes.subarray(10 + extra);
  const end = rest.indexOf(0);
  return pathFromBytes(end < 0 ? rest : rest.subarray(0, end));
}
