/**
 * From a header block and the extended headers before it to the entry that both describe together. What tar readers
 * understand differently is refused; so is what no Linux file system can hold.
 */
import { quoteText } from '../diagnostic/escape-text.ts';
import { type ImagePath, parseImagePath, pathFromBytes } from '../tree/image-path.ts';
import { checkRecords, type HeaderFacts, metadataOf, sizeOf } from './entry-metadata.ts';
import { type LayerError, limitHelp, refusal } from './layer-error.ts';
import type { PaxRecords } from './pax.ts';
import type { BlockFacts } from './read-block.ts';
import type { TarEntry, TarLimits } from './tar-entry.ts';

/** What extended headers said of the entry that follows them: PAX records, or GNU long names; never both. */
export interface Extensions {
  readonly pax?: PaxRecords;
  readonly longName?: Uint8Array;
  readonly longLink?: Uint8Array;
}

export interface EntrySource {
  readonly block: BlockFacts;
  readonly extensions: Extensions;
  /** Where the block stands in the tar, for messages. */
  readonly offset: number;
}

interface Facts extends HeaderFacts {
  readonly name: Uint8Array;
  readonly link: Uint8Array;
  readonly limits: TarLimits;
}

/** Throws LayerError for whatever it refuses. */
export function resolveEntry({ block, extensions, offset }: EntrySource, limits: TarLimits): TarEntry {
  const pax = extensions.pax ?? noRecords;
  const name = extensions.longName ?? pax.get('path') ?? block.name;
  const link = extensions.longLink ?? pax.get('linkpath') ?? block.link;
  const place = { offset, name: pathFromBytes(name.subarray(0, shownBytes)) };
  checkRecords(pax, place);
  return entryOf({ block, pax, name, link, place, limits });
}

const noRecords: PaxRecords = new Map();
const shownBytes = 512;

function entryOf(facts: Facts): TarEntry {
  const { place } = facts;
  const type = typeOf(facts);
  const path = pathOf(facts.name, 'name', facts);
  if (path === '' && type !== 'directory') {
    const found = `says that the root of the image is a ${type}`;
    throw refusal('layer/root-not-folder', { ...place, found });
  }
  const node = { path, ...metadataOf(facts) };
  const size = sizeOf(facts);
  if (type === 'file') return { ...node, type, size };
  if (size !== 0) throw refusal('layer/ambiguous-header', { ...place, found: `is a ${type} with content` });
  if (type === 'symlink') return { ...node, type, target: symlinkTarget(facts) };
  if (type === 'hardlink') return { ...node, type, target: hardlinkTarget(facts, path) };
  if (type === 'directory' || type === 'fifo') return { ...node, type };
  return { ...node, type, ...deviceOf(facts) };
}

const types: Readonly<Record<string, TarEntry['type']>> = {
  '0': 'file',
  '\0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
};

function typeOf({ block, name, place }: Facts): TarEntry['type'] {
  if (block.type === 'S') throw refusal('layer/sparse-file', { ...place, found: 'is a sparse file' });
  const type = Object.hasOwn(types, block.type) ? types[block.type] : undefined;
  if (type === undefined) {
    throw refusal('layer/unknown-type', {
      ...place,
      found: `has the unknown type ${quoteText(block.type)}`,
    });
  }
  if (type === 'directory' || name.at(-1) !== 0x2f) return type;
  // Before there was a type for folders, a slash at the end said it.
  if (block.type === '\0') return 'directory';
  throw refusal('layer/ambiguous-header', { ...place, found: `is a ${type} whose name ends in a slash` });
}

/** A name or target as a path of the image: leading slashes and `.` components are dropped, `..` is refused. */
function pathOf(bytes: Uint8Array, what: string, { place, limits }: Facts): ImagePath {
  if (bytes.length === 0) throw refusal('layer/bad-header', { ...place, found: `has an empty ${what}` });
  if (bytes.length > limits.maxPathBytes) throw tooLong(what, { place, limits });
  const parsed = parseImagePath(pathFromBytes(bytes));
  if (parsed.ok) return checkedDepth(parsed.path, { place, limits });
  if (parsed.reason === 'too-long') throw tooLong(what, { place, limits });
  const [code, found] =
    parsed.reason === 'nul'
      ? (['layer/bad-header', 'with a NUL in it'] as const)
      : (['layer/path-escapes', 'with a `..` component, which could leave the image'] as const);
  throw refusal(code, { ...place, found: `has a ${what} ${found}` });
}

function tooLong(what: string, { place, limits }: Pick<Facts, 'place' | 'limits'>): LayerError {
  const found = `has a ${what} of more than ${limits.maxPathBytes} bytes`;
  const help = limitHelp('maxPathBytes', limits.maxPathBytes);
  return refusal('layer/path-too-long', { ...place, found, help });
}

function checkedDepth(path: ImagePath, { place, limits }: Pick<Facts, 'place' | 'limits'>): ImagePath {
  let depth = 1;
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) depth += 1;
  if (depth <= limits.maxDepth) return path;
  const found = `has a name of ${depth} components`;
  throw refusal('layer/too-deep', { ...place, found, help: limitHelp('maxDepth', limits.maxDepth) });
}

function symlinkTarget(facts: Facts): string {
  const { link, place, limits } = facts;
  if (link.length === 0)
    throw refusal('layer/bad-header', { ...place, found: 'is a symlink without a target' });
  if (link.length > limits.maxPathBytes) throw tooLong('target', facts);
  return pathFromBytes(link);
}

function hardlinkTarget(facts: Facts, path: ImagePath): ImagePath {
  const target = pathOf(facts.link, 'hardlink target', facts);
  if (target !== path && target !== '') return target;
  const found = target === '' ? 'is a hardlink to the root of the image' : 'is a hardlink to itself';
  throw refusal('layer/bad-hardlink', { ...facts.place, found });
}

// Linux: 12 bits of major and 20 of minor number (include/linux/kdev_t.h).
const maxMajor = 2 ** 12 - 1;
const maxMinor = 2 ** 20 - 1;

function deviceOf({ block, place }: Facts): { readonly major: number; readonly minor: number } {
  const { major, minor } = block;
  if (major >= 0 && major <= maxMajor && minor >= 0 && minor <= maxMinor) return { major, minor };
  const found = `is the device ${major}:${minor}, which Linux cannot have`;
  throw refusal('layer/bad-header', { ...place, found });
}
