/**
 * The SONAME of a shared library: the name under which programs ask for it (System V gABI, "Dynamic Section"). Anything
 * that is no ELF file with one has none; a broken file is no library, as for ldconfig.
 */

const dynamicSegment = 2;
const loadedSegment = 1;
const tagSoname = 14;
const tagStrings = 5;

export function elfSoname(bytes: Uint8Array): string | undefined {
  try {
    const file = fileOf(bytes);
    return file === undefined ? undefined : sonameOf(file);
  } catch (error) {
    if (error instanceof RangeError) return undefined; // a header points behind the end
    throw error;
  }
}

interface Elf {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly isLittle: boolean;
  readonly isWide: boolean;
}

interface Segment {
  readonly type: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

function fileOf(bytes: Uint8Array): Elf | undefined {
  if (bytes.length < 64 || [0x7f, 0x45, 0x4c, 0x46].some((byte, at) => bytes[at] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { bytes, view, isLittle: bytes[5] === 1, isWide: bytes[4] === 2 };
}

function sonameOf(elf: Elf): string | undefined {
  const segments = segmentsOf(elf);
  const dynamic = segments.find(({ type }) => type === dynamicSegment);
  if (dynamic === undefined) return undefined;
  const tags = tagsOf(elf, dynamic);
  const name = tags.get(tagSoname);
  const strings = tags.get(tagStrings);
  if (name === undefined || strings === undefined) return undefined;
  const home = segments.find(
    ({ type, address, size }) => type === loadedSegment && strings >= address && strings < address + size,
  );
  return home === undefined ? undefined : textAt(elf.bytes, strings - home.address + home.offset + name);
}

function segmentsOf(elf: Elf): Segment[] {
  const { isWide } = elf;
  const table = word(elf, isWide ? 32 : 28);
  const size = half(elf, isWide ? 54 : 42);
  const count = half(elf, isWide ? 56 : 44);
  return Array.from({ length: count }, (_, index) => {
    const at = table + index * size;
    return {
      type: elf.view.getUint32(at, elf.isLittle),
      offset: word(elf, at + (isWide ? 8 : 4)),
      address: word(elf, at + (isWide ? 16 : 8)),
      size: word(elf, at + (isWide ? 32 : 16)),
    };
  });
}

function tagsOf(elf: Elf, { offset, size }: Segment): Map<number, number> {
  const width = elf.isWide ? 8 : 4;
  const tags = new Map<number, number>();
  for (let at = offset; at + 2 * width <= offset + size; at += 2 * width) {
    const tag = word(elf, at);
    if (tag === 0) break;
    if (!tags.has(tag)) tags.set(tag, word(elf, at + width));
  }
  return tags;
}

function word({ view, isLittle, isWide }: Elf, at: number): number {
  return isWide ? Number(view.getBigUint64(at, isLittle)) : view.getUint32(at, isLittle);
}

function half({ view, isLittle }: Elf, at: number): number {
  return view.getUint16(at, isLittle);
}

function textAt(bytes: Uint8Array, at: number): string | undefined {
  const end = bytes.indexOf(0, at);
  return end <= at ? undefined : new TextDecoder('latin1').decode(bytes.subarray(at, end));
}
