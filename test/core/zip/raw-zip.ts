/** Zip files made by hand, so that they can be wrong. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface RawEntry {
  readonly name?: string | Uint8Array;
  readonly content?: string | Uint8Array;
  /** In place of the data. */
  readonly data?: Uint8Array;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  readonly size?: number;
  /** Of Unix, type and all; without it the entry is made by DOS. */
  readonly mode?: number;
  readonly date?: number;
  readonly time?: number;
  readonly extra?: Uint8Array;
  /** Where its local header is said to stand. */
  readonly offset?: number;
  /** What the local header says instead. */
  readonly local?: LocalChanges;
}

interface LocalChanges {
  readonly name?: string;
  readonly size?: number;
  readonly method?: number;
}

export function zipOf(...entries: readonly RawEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const made = headersOf(entry, entry.offset ?? offset);
    locals.push(made.local);
    directory.push(made.central);
    offset += made.local.length;
  }
  const central = Buffer.concat(directory);
  return Buffer.concat([...locals, central, endOf({ count: entries.length, size: central.length, offset })]);
}

export function endOf(place: { count: number; size: number; offset: number; comment?: string }): Buffer {
  const comment = Buffer.from(place.comment ?? '');
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(place.count, 8);
  end.writeUInt16LE(place.count, 10);
  end.writeUInt32LE(place.size, 12);
  end.writeUInt32LE(place.offset, 16);
  end.writeUInt16LE(comment.length, 20);
  return Buffer.concat([end, comment]);
}

function headersOf(entry: RawEntry, offset: number): { local: Buffer; central: Buffer } {
  const name = Buffer.from(entry.name ?? 'file');
  const extra = entry.extra ?? Buffer.alloc(0);
  const content = Buffer.from(entry.content ?? '');
  const data = entry.data ?? (entry.method === 8 ? deflateRawSync(content) : content);
  const shared = sharedOf({ ...entry, name, extra }, content, data);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(((entry.mode ?? 0) << 16) >>> 0, 6);
  rest.writeUInt32LE(offset, 10);
  const madeBy = Buffer.from([20, entry.mode === undefined ? 0 : 3]);
  const local = [changed(shared, entry.local), Buffer.from(entry.local?.name ?? name), extra, data];
  return {
    local: Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), ...local]),
    central: Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), madeBy, shared, rest, name, extra]),
  };
}

type NamedEntry = RawEntry & { readonly name: Buffer; readonly extra: Uint8Array };

/** What both headers have in the same order. */
function sharedOf(entry: NamedEntry, content: Buffer, data: Uint8Array): Buffer {
  const { method = 0, flags = 0, date = 0x21, time = 0, name, extra } = entry;
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(flags, 2);
  shared.writeUInt16LE(method, 4);
  shared.writeUInt16LE(time, 6);
  shared.writeUInt16LE(date, 8);
  shared.writeUInt32LE(entry.crc ?? crc32(content), 10);
  shared.writeUInt32LE(data.length, 14);
  shared.writeUInt32LE(entry.size ?? content.length, 18);
  shared.writeUInt16LE(name.length, 22);
  shared.writeUInt16LE(extra.length, 24);
  return shared;
}

function changed(shared: Buffer, { size, method }: LocalChanges = {}): Buffer {
  const own = Buffer.from(shared);
  if (size !== undefined) own.writeUInt32LE(size, 18);
  if (method !== undefined) own.writeUInt16LE(method, 4);
  return own;
}
