/** What the levels stand for: how far the encoder looks for matches. A change here is a change of layerFormat. */
import type { DeflateLevel } from './block-encoder.ts';

export interface LevelSettings {
  /** Earlier positions that a search looks at; 0 is the fast parser, which looks at one. */
  readonly depth: number;
  /** The same at the byte behind a match, for a better one; 0 takes each match as it is found. */
  readonly nextDepth: number;
  /** Bytes of a match that is good enough to end a search and to be taken. */
  readonly nice: number;
}

export const levelSettings: Readonly<Record<DeflateLevel, LevelSettings>> = {
  1: { depth: 0, nextDepth: 0, nice: 32 },
  2: { depth: 4, nextDepth: 0, nice: 32 },
  3: { depth: 4, nextDepth: 2, nice: 32 },
  4: { depth: 6, nextDepth: 2, nice: 32 },
  5: { depth: 9, nextDepth: 3, nice: 48 },
  6: { depth: 12, nextDepth: 3, nice: 65 },
  7: { depth: 32, nextDepth: 16, nice: 130 },
  8: { depth: 100, nextDepth: 50, nice: 258 },
  9: { depth: 400, nextDepth: 200, nice: 258 },
};
