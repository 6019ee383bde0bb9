/**
 * The layers that the last build of a recipe planned, in a file beside the stat index (sealed-file.ts), so that a build
 * in which nothing changed plans without looking at fifty thousand entries. A hint like the index: losing it costs time.
 */
import { join } from 'node:path';
import { type Digest, digestOfValue, encodedOf } from '../../core/digest/digest.ts';
import type { LayerMemory, RememberedLayer } from '../../core/plan/planning.ts';
import { readSealed, type Seal, writeSealed } from '../source/sealed-file.ts';
import type { RecipeIdentity } from './build-history.ts';

export interface PlanMemory extends LayerMemory {
  /** Lets go of what has not been asked for since this was called last, or since the file was read. */
  forgetUnused(): void;
  /** Writes what this plan asked for, where something of it is new. Never throws. */
  save(): void;
}

const seal: Seal = { magic: 'LWPM', version: 1 };

/** `folder` is the stat indexes' own. Never throws. */
export function loadPlanMemory(folder: string, recipe: RecipeIdentity): PlanMemory {
  const file = join(folder, `${encodedOf(digestOfValue(recipe)).slice(0, 32)}.plan`);
  const content = readSealed(file, seal);
  const before = content === undefined ? [] : (JSON.parse(content.toString('utf8')) as Remembered);
  let known = new Map<Digest, RememberedLayer>(before);
  let used = new Map<Digest, RememberedLayer>();
  let isFresh = true;
  let changed = false;
  return {
    forgetUnused: () => {
      if (!isFresh) [known, used] = [used, new Map<Digest, RememberedLayer>()];
      isFresh = false;
    },
    recall: (key) => {
      const layer = known.get(key);
      if (layer !== undefined) used.set(key, layer);
      return layer;
    },
    keep: (key, layer) => {
      changed = true;
      known.set(key, layer);
      used.set(key, layer);
    },
    save: () => {
      if (changed) writeSealed(file, seal, [Buffer.from(JSON.stringify([...used]))]);
      changed = false;
    },
  };
}

type Remembered = readonly (readonly [Digest, RememberedLayer])[];
