/** The remembered walks of one context, each in a file of its own beside the stat index (walk-record.ts). */
import { readdirSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encodedOf } from '../../core/digest/digest.ts';
import { removeQuietly } from '../store/durable-file.ts';
import { nativeDigestOf } from '../store/native-hasher.ts';
import { readWalk, type WalkRecord, writeWalk } from './walk-record.ts';

export interface WalkFiles {
  /** The walk that was kept under this key, by this build or one before. */
  find(key: string): WalkRecord | undefined;
  /** `key` is part of the record's facts. */
  keep(record: WalkRecord): void;
  /** Lets go of what has been neither found nor kept since this was called last. */
  forgetUnused(): void;
  /** Writes what is new, and removes what no build of any context has used for long; never throws. */
  save(): void;
}

const day = 24 * 60 * 60 * 1000;
/** A walk that no build used for so long is forgotten. */
const keptFor = 30 * day;

/** `file` is the context's stat index; `context` is absolute. */
export function createWalkFiles({
  file,
  context,
}: {
  readonly file: string;
  readonly context: string;
}): WalkFiles {
  const stem = `${file.replace(/\.stat$/, '')}-`;
  const used = new Map<string, WalkRecord | undefined>();
  const fresh = new Set<string>();
  let before = new Map<string, WalkRecord | undefined>();
  const fileOf = (key: string): string => {
    const name = encodedOf(nativeDigestOf(Buffer.from(`${context}\0${key}`))).slice(0, 32);
    return `${stem}${name}.walk`;
  };
  return {
    find: (key) => {
      if (!used.has(key)) used.set(key, before.get(key) ?? readWalk(fileOf(key), key));
      return used.get(key);
    },
    keep: (record) => {
      used.set(record.facts.key, record);
      fresh.add(record.facts.key);
    },
    forgetUnused: () => {
      before = new Map(used);
      used.clear();
      for (const key of fresh) if (!before.has(key)) fresh.delete(key);
    },
    save: () => {
      for (const [key, record] of used) {
        if (record !== undefined && fresh.has(key)) writeWalk(fileOf(key), record);
        else if (record !== undefined) markUsed(fileOf(key));
      }
      if (fresh.size > 0) removeOld(dirname(file));
      fresh.clear();
    },
  };
}

/** Once a day is enough to know what is used. */
function markUsed(file: string): void {
  try {
    const now = Date.now();
    if (now - statSync(file).mtimeMs > day) utimesSync(file, now / 1000, now / 1000);
  } catch {
    // It went, or may not be written: then it is made anew some day.
  }
}

/** Those of other contexts too: a project that is gone has nobody else to do it. */
function removeOld(folder: string): void {
  for (const name of walksIn(folder)) {
    const file = join(folder, name);
    if (isOld(file)) removeQuietly(file);
  }
}

function walksIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.walk'));
  } catch {
    return [];
  }
}

function isOld(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > keptFor;
}
