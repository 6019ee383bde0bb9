/**
 * One block of input: parsed chunk by chunk, cut into sub-blocks where the statistics change, written, and ended by a
 * sync flush.
 */
import { outputPosition, startOutput } from './bit-writer';
import { writeBlock, writeStored } from './block-writer';
import { enterPositions } from './chain-search';
import { searchDepth } from './effort';
import { estimateBits } from './entropy';
import { addChunkToBlock, clearBlockCounts, countChunk } from './histogram';
import { clearBuckets, clearChains, moveBuckets, moveChains, tableBase } from './match-table';
import {
  blockCountsStart,
  chunkBytes,
  chunkCountsStart,
  noCountsStart,
  outputStart,
  sequencesStart,
  softSequenceLimit,
  softSubBlockBytes,
} from './memory-map';
import { enterBuckets, parseFast } from './parse-fast';
import { parseLazy } from './parse-lazy';
import { sequencePosition, setSequencePosition } from './sequences';

/** About what a dynamic block's header costs. Two sub-blocks must save this much to be worth being two. */
const splitBits: u64 = 800;

/** Input from `from` to `end`, not empty, with its history from `history` to `from`; gives the output's length. */
export function encodeBlock(history: usize, from: usize, end: usize): usize {
  startOutput();
  enterHistory(history, min(from, end - 3));
  writeSubBlocks(from, end);
  writeStored(end, 0);
  const length = end - from;
  const stored = length + 5 * ((length + 65534) / 65535) + 5;
  // Each sub-block is at most its stored size, but their headers add up.
  if (outputPosition() - outputStart > stored) {
    startOutput();
    writeStored(from, length);
    writeStored(end, 0);
  }
  return outputPosition() - outputStart;
}

/** Chunk by chunk, like the input that follows. */
function enterHistory(from: usize, to: usize): void {
  if (searchDepth() == 0) clearBuckets(from);
  else clearChains(from);
  while (from < to) {
    const next = min(from + chunkBytes, to);
    moveTables(from);
    if (searchDepth() == 0) enterBuckets(from, next, tableBase());
    else enterPositions(from, next, tableBase());
    from = next;
  }
}

function moveTables(at: usize): void {
  if (searchDepth() == 0) moveBuckets(at);
  else moveChains(at);
}

function writeSubBlocks(from: usize, end: usize): void {
  let input = from;
  let blockBits: u64 = 0;
  setSequencePosition(sequencesStart);
  clearBlockCounts();
  for (let at = from; at < end; ) {
    moveTables(at);
    const chunk = at;
    const sequences = sequencePosition();
    at = parseChunk(at, end);
    countChunk(sequences, sequencePosition(), chunk);
    const chunkBits = estimateBits(chunkCountsStart, noCountsStart);
    const joinedBits = estimateBits(blockCountsStart, chunkCountsStart);
    if (chunk > input && endsBefore(joinedBits, blockBits + chunkBits, at - input)) {
      writeBlock(sequencesStart, sequences, input, chunk - input);
      keepSequences(sequences);
      clearBlockCounts();
      input = chunk;
      blockBits = chunkBits;
    } else {
      blockBits = joinedBits;
    }
    addChunkToBlock();
  }
  writeBlock(sequencesStart, sequencePosition(), input, end - input);
}

function parseChunk(at: usize, end: usize): usize {
  return searchDepth() == 0 ? parseFast(at, at + chunkBytes, end) : parseLazy(at, at + chunkBytes, end);
}

/** Whether the sub-block should end before the chunk that was just parsed. */
function endsBefore(joined: u64, apart: u64, length: usize): bool {
  if (joined > apart + splitBits) return true;
  return sequencePosition() > sequencesStart + softSequenceLimit * 8 || length > softSubBlockBytes;
}

/** Those of the new sub-block move to the front. */
function keepSequences(from: usize): void {
  const length = sequencePosition() - from;
  memory.copy(sequencesStart, from, length);
  setSequencePosition(sequencesStart + length);
}
