/** Tars for tests, written field by field, so that they can say what no honest tool writes. */

export interface RawEntry {
  readonly name: string | Uint8Array;
  /** One character; default a regular file. */
  readonly type?: string;
  readonly link?: string | Uint8Array;
  readonly content?: string | Uint8Array;
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtime?: number;
  readonly major?: number;
  readonly minor?: number;
  /** The prefix field of ustar. */
  readonly prefix?: string;
  /** PAX records before the entry; `global` ones as a global header. */
  readonly pax?: Readonly<Record<string, string | Uint8Array>>;
  readonly globalPax?: Readonly<Record<string, string>>;
  /** The name, or target, as a GNU long name header. */
  readonly gnuLongName?: string;
  readonly gnuLongLink?: string;
}

export function rawTar(entries: readonly RawEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(entryBlocks), Buffer.alloc(1024)]);
}

function entryBlocks(entry: RawEntry): Buffer[] {
  const blocks: Buffer[] = [];
  if (entry.globalPax !== undefined) blocks.push(...special('g', paxBody(entry.globalPax)));
  if (entry.gnuLongName !== undefined) blocks.push(...special('L', Buffer.from(`${entry.gnuLongName}\0`)));
  if (entry.gnuLongLink !== undefined) blocks.push(...special('K', Buffer.from(`${entry.gnuLongLink}\0`)));
  if (entry.pax !== undefined) blocks.push(...special('x', paxBody(entry.pax)));
  const content = Buffer.from(entry.content ?? '');
  return [...blocks, header(entry, content.length), content, padding(content.length)];
}

function special(type: string, body: Buffer): Buffer[] {
  return [header({ name: 'header', type }, body.length), body, padding(body.length)];
}

function header(entry: RawEntry, size: number): Buffer {
  const block = Buffer.alloc(512);
  Buffer.from(entry.name).copy(block, 0, 0, 100);
  octal(block.subarray(100, 108), entry.mode ?? 0o644);
  number(block.subarray(108, 116), entry.uid ?? 0);
  number(block.subarray(116, 124), entry.gid ?? 0);
  number(block.subarray(124, 136), size);
  number(block.subarray(136, 148), entry.mtime ?? 0);
  block.write(entry.type ?? '0', 156, 'latin1');
  Buffer.from(entry.link ?? '').copy(block, 157, 0, 100);
  block.write('ustar\x0000', 257, 'latin1');
  octal(block.subarray(329, 337), entry.major ?? 0);
  octal(block.subarray(337, 345), entry.minor ?? 0);
  block.write(entry.prefix ?? '', 345, 155);
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function octal(field: Buffer, value: number): void {
  field.write(`${value.toString(8).padStart(field.length - 1, '0')}\0`, 'latin1');
}

/** Octal where it fits, else base-256. */
function number(field: Buffer, value: number): void {
  if (value >= 0 && value < 8 ** (field.length - 1)) {
    octal(field, value);
    return;
  }
  let rest = BigInt.asUintN(field.length * 8, BigInt(value));
  for (let index = field.length - 1; index >= 0; index -= 1) {
    field[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  field[0] = (field[0] ?? 0) | 0x80;
}

function paxBody(records: Readonly<Record<string, string | Uint8Array>>): Buffer {
  return Buffer.concat(Object.entries(records).map(([key, value]) => paxRecord(key, Buffer.from(value))));
}

function paxRecord(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from('\n')]);
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) length = String(length).length + rest.length;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function padding(size: number): Buffer {
  return Buffer.alloc((512 - (size % 512)) % 512);
}
