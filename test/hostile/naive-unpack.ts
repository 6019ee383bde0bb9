/**
 * Unpacks the way that looks right and is not: names are joined to the folder and the file system does the rest. The
 * control of the corpus: where this does not escape, a case shows nothing.
 */
import { chmodSync, linkSync, mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RawEntry } from '../rigs/raw-tar.ts';

export function naiveUnpack(entries: readonly RawEntry[], folder: string): void {
  for (const entry of entries) {
    try {
      unpackOne(entry, folder);
    } catch {
      // Goes on with the next entry, as careless tools do.
    }
  }
}

function unpackOne(entry: RawEntry, folder: string): void {
  const name = nameOf(entry);
  const path = join(folder, name);
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (base.startsWith('.wh.')) {
    unlinkSync(join(dirname(path), base === '.wh..wh..opq' ? 'secret' : base.slice(4)));
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  if (entry.type === '5') mkdirSync(path, { recursive: true });
  else if (entry.type === '2') symlinkSync(String(entry.link), path);
  else if (entry.type === '1') linkSync(join(folder, String(entry.link)), path);
  else if (entry.type === undefined) writeFileSync(path, Buffer.from(entry.content ?? ''));
  if (entry.type === '5' || entry.type === undefined) chmodSync(path, entry.mode ?? 0o644);
}

function nameOf(entry: RawEntry): string {
  const pax = entry.pax?.['path'] ?? entry.globalPax?.['path'];
  const name = pax ?? entry.gnuLongName ?? entry.name;
  return typeof entry.prefix === 'string' ? `${entry.prefix}/${String(name)}` : String(name);
}
