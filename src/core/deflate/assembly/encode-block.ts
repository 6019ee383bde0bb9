/**
 * One block of input: parsed chunk by chunk, cut into sub-blocks where the statistics change, written, and ended by a
 * sync flush.
 */
import { outputPosition, startOutput } from './bit-writer';
import { writeBlock, writeStored } from './block-writer';
import { enterPositions } from './chain-search';
import { searchDepth } from './effort';
import { estimateBits } from './entropy';
import { addChunkToBlock, clearBlockCounts } from './histogram';
import { clearChains, moveChains, tableBase } from './match-table';
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
import { parseFast } from './parse-fast';
import { parseLazy } from './parse-lazy';
import { clearRecent, enterHistoryRecent } from './recent-positions';
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

function enterHistory(from: usize, to: usize): void {
  if (searchDepth() == 0) {
    clearRecent(from);
    enterHistoryRecent(from, to);
    return;
  }
  clearChains(from);
  // Chunk by chunk, like the input that follows.
  while (from < to) {
    const next = min(from + chunkBytes, to);
    moveChains(from);
    enterPositions(from, next, tableBase());
    from = next;
  }
}

function writeSubBlocks(from: usize, end: usize): void {
  let input = from;
  let blockBits: u64 = 0;
  setSequencePosition(sequencesStart);
  clearBlockCounts();
  for (let at = from; at < end; ) {
    const chunk = at;
    const sequences = sequencePosition();
    at = parseChunk(at, end);
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

/** Parses and counts; gives where it stopped. */
function parseChunk(at: usize, end: usize): usize {
  if (searchDepth() == 0) return parseFast(at, at + chunkBytes, end);
  moveChains(at);
  return parseLazy(at, at + chunkBytes, end);
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
