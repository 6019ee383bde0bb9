/** Input that is slow to make, made once: in a folder of this user's under the temporary one, named for what it is made of. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

export interface KeptInput {
  readonly name: string;
  /** All that decides what `make` makes. */
  readonly madeOf: readonly string[];
  /** Fills an empty folder. */
  readonly make: (folder: string) => void;
}

/** The filled folder, to be read only; two processes may make it at once, and one wins. */
export function keptInput({ name, madeOf, make }: KeptInput): string {
  const parent = join(tmpdir(), `layerwright-inputs-${String(userInfo().uid)}`);
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  const key = createHash('sha256').update(JSON.stringify(madeOf)).digest('hex').slice(0, 16);
  const folder = join(parent, `${name}-${key}`);
  if (existsSync(folder)) return folder;
  const made = mkdtempSync(join(parent, 'making-'));
  try {
    make(made);
    renameSync(made, folder);
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}
