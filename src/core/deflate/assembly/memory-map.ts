/**
 * Where everything stands in the linear memory: the one place that makes addresses. A region is `…Start` to `…End`,
 * its size follows from named counts, and behind each stand unused bytes, which a test fills with a pattern to show
 * that no store leaves its region. Tables that are read at every byte are named constants, so that their address
 * becomes part of the instruction.
 */

/** Unused bytes behind each region. A multiple of 16, as is each size here, so that vectors stay aligned. */
const gapBytes: usize = 256;

// --- The sizes of the task ---

/** RFC 1951, 3.2.5: matches reach back 32 KiB. */
export const windowBytes: usize = 32768;
/** The input of one call, without its history. */
export const maxBlockBytes: usize = 1 << 20;
/** One call of a parser covers this much input: short calls let V8 change to its better compiler between them. */
export const chunkBytes: usize = 12288;
/** How far a parser may run past the end of its chunk: a lazy chain of ever better matches, then the match itself. */
export const chunkOverrunBytes: usize = 1024;
/** A sub-block is written out when it has this many sequences, */
export const softSequenceLimit: usize = 32768;
/** or this much input. Huffman's sort holds counts of up to 2^23 in one word with their symbol. */
export const softSubBlockBytes: usize = 400000;

// --- Alphabets (RFC 1951, 3.2.5 to 3.2.7) ---

export const literalSymbols: usize = 288;
export const distanceSymbolRoom: usize = 32;
/** Literals and lengths first, then distances: one histogram, one array of lengths, one of codes. */
export const allSymbols: usize = literalSymbols + distanceSymbolRoom;
export const codeLengthSymbols: usize = 19;

// --- Tables of the match finder ---

export const headCount: usize = 1 << 16;
export const shortHeadCount: usize = 1 << 15;
/** More than 15 gain little, and the table would leave the processor's nearer caches. */
export const recentHashBits: u64 = 15;

/** i16: the last position of each hash of four bytes. */
export const headsStart: usize = 0x1000;
export const headsEnd: usize = headsStart + headCount * 2;
/** i16: the last position of each hash of three bytes. */
export const shortHeadsStart: usize = headsEnd + gapBytes;
export const shortHeadsEnd: usize = shortHeadsStart + shortHeadCount * 2;
/** i16: for each position of the window, the one before it in its chain. */
export const linksStart: usize = shortHeadsEnd + gapBytes;
export const linksEnd: usize = linksStart + windowBytes * 2;
/** u16: the last position of each hash of six bytes, for the fast parser alone. */
export const recentStart: usize = linksEnd + gapBytes;
export const recentEnd: usize = recentStart + ((<usize>1 << <usize>recentHashBits) << 1);

// --- What the parsers found ---

/** u64: see sequences.ts. A chunk's every sequence but its last covers three bytes or more. */
export const sequencesStart: usize = recentEnd + gapBytes;
export const sequencesEnd: usize =
  sequencesStart + (softSequenceLimit + (chunkBytes + chunkOverrunBytes) / 3 + 16) * 8;

// --- Statistics ---

/** u32[allSymbols]: counts of the sub-block that grows. */
export const blockCountsStart: usize = sequencesEnd + gapBytes;
export const blockCountsEnd: usize = blockCountsStart + allSymbols * 4;
/** u32[allSymbols]: counts of the last chunk. */
export const chunkCountsStart: usize = blockCountsEnd + gapBytes;
export const chunkCountsEnd: usize = chunkCountsStart + allSymbols * 4;
/** u32[allSymbols]: never anything but zeros. */
export const noCountsStart: usize = chunkCountsEnd + gapBytes;
export const noCountsEnd: usize = noCountsStart + allSymbols * 4;
/** u32[3][256]: literals beside those of the chunk, so that equal neighbours do not wait for one another. */
export const literalLanesStart: usize = noCountsEnd + gapBytes;
export const literalLanesEnd: usize = literalLanesStart + 3 * 256 * 4;
/** u8[256]: which bytes occur in a chunk. */
export const seenBytesStart: usize = literalLanesEnd + gapBytes;
export const seenBytesEnd: usize = seenBytesStart + 256;
/** u16[4096]: logarithms. */
export const logarithmsStart: usize = seenBytesEnd + gapBytes;
export const logarithmsEnd: usize = logarithmsStart + 4096 * 2;

// --- Codes ---

/** u32[allSymbols]: a code with its bits in the order they are sent, and its length above bit 16. */
export const codesStart: usize = logarithmsEnd + gapBytes;
export const codesEnd: usize = codesStart + allSymbols * 4;
/** u8[allSymbols]: lengths of those codes. */
export const lengthsStart: usize = codesEnd + gapBytes;
export const lengthsEnd: usize = lengthsStart + allSymbols;
/** The same two for the fixed codes (RFC 1951, 3.2.6). */
export const fixedCodesStart: usize = lengthsEnd + gapBytes;
export const fixedCodesEnd: usize = fixedCodesStart + allSymbols * 4;
export const fixedLengthsStart: usize = fixedCodesEnd + gapBytes;
export const fixedLengthsEnd: usize = fixedLengthsStart + allSymbols;
/** u8[256]: each byte with its bits in reverse. */
export const reversedStart: usize = fixedLengthsEnd + gapBytes;
export const reversedEnd: usize = reversedStart + 256;
/** u32[16] twice: codes of each length, and the next code of each length. */
export const lengthTalliesStart: usize = reversedEnd + gapBytes;
export const lengthTalliesEnd: usize = lengthTalliesStart + 16 * 4;
export const nextCodesStart: usize = lengthTalliesEnd + gapBytes;
export const nextCodesEnd: usize = nextCodesStart + 16 * 4;

// --- Huffman's algorithm ---

/** u32[literalSymbols] twice: symbols by their counts, and room to sort them and to grow the tree. */
export const sortedStart: usize = nextCodesEnd + gapBytes;
export const sortedEnd: usize = sortedStart + literalSymbols * 4;
export const treeStart: usize = sortedEnd + gapBytes;
export const treeEnd: usize = treeStart + literalSymbols * 4;
/** u32[256]: the sort's digits. */
export const digitsStart: usize = treeEnd + gapBytes;
export const digitsEnd: usize = digitsStart + 256 * 4;
/** u32[16]: how many codes get each length. */
export const depthTalliesStart: usize = digitsEnd + gapBytes;
export const depthTalliesEnd: usize = depthTalliesStart + 16 * 4;

// --- The header of a dynamic block (RFC 1951, 3.2.7) ---

/** u8[allSymbols]: code lengths of both alphabets in a row. */
export const lengthRowStart: usize = depthTalliesEnd + gapBytes;
export const lengthRowEnd: usize = lengthRowStart + allSymbols;
/** u16[allSymbols]: that row in symbols of the code length alphabet, extra bits above bit 8. */
export const runsStart: usize = lengthRowEnd + gapBytes;
export const runsEnd: usize = runsStart + allSymbols * 2;
/** u32[19] with room, u32[19] with room, u8[19] with room: counts, codes and lengths of that alphabet. */
export const runCountsStart: usize = runsEnd + gapBytes;
export const runCountsEnd: usize = runCountsStart + 32 * 4;
export const runCodesStart: usize = runCountsEnd + gapBytes;
export const runCodesEnd: usize = runCodesStart + 32 * 4;
export const runLengthsStart: usize = runCodesEnd + gapBytes;
export const runLengthsEnd: usize = runLengthsStart + 32;

// --- Length and distance symbols (RFC 1951, 3.2.5) ---

export const maxMatchBytes: usize = 258;

/** u8: for each match length its symbol, less 257. */
export const lengthSymbolsStart: usize = runLengthsEnd + gapBytes;
export const lengthSymbolsEnd: usize = lengthSymbolsStart + 272;
/** u16[29] and u8[29] with room: the first length of each symbol, and its extra bits. */
export const lengthBasesStart: usize = lengthSymbolsEnd + gapBytes;
export const lengthBasesEnd: usize = lengthBasesStart + 32 * 2;
export const lengthExtrasStart: usize = lengthBasesEnd + gapBytes;
export const lengthExtrasEnd: usize = lengthExtrasStart + 32;
/** u8[512]: symbols of distances, less 1: up to 256 by the distance, beyond by its upper bits. */
export const distanceSymbolsStart: usize = lengthExtrasEnd + gapBytes;
export const distanceSymbolsEnd: usize = distanceSymbolsStart + 512;
/** u16[30] and u8[30] with room: the first distance, less 1, of each symbol, and its extra bits. */
export const distanceBasesStart: usize = distanceSymbolsEnd + gapBytes;
export const distanceBasesEnd: usize = distanceBasesStart + 32 * 2;
export const distanceExtrasStart: usize = distanceBasesEnd + gapBytes;
export const distanceExtrasEnd: usize = distanceExtrasStart + 32;

// --- Codes as the inner loop sends them ---

/** u32[256]: codes of literals. */
export const literalWordsStart: usize = distanceExtrasEnd + gapBytes;
export const literalWordsEnd: usize = literalWordsStart + 256 * 4;
/** u32: for each match length code and extra bits together, and their number above bit 24. */
export const lengthWordsStart: usize = literalWordsEnd + gapBytes;
export const lengthWordsEnd: usize = lengthWordsStart + 272 * 4;
/** u64[30] with room: see match-words.ts. */
export const distanceWordsStart: usize = lengthWordsEnd + gapBytes;
export const distanceWordsEnd: usize = distanceWordsStart + 32 * 8;

// --- Input and output ---

/** Bytes behind the input that loads may see. They are zero, so that no earlier call shows through. */
export const inputSlackBytes: usize = 32;
/** The history ends, and the block begins, windowBytes behind the start. */
export const inputStart: usize = distanceWordsEnd + gapBytes;
export const inputEnd: usize = inputStart + windowBytes + maxBlockBytes + inputSlackBytes;

/**
 * The output is never more than stored blocks would be, for each sub-block: at most 3 + 7 + 32 bits for each 65,535
 * bytes that it begins, 3 + 7 + 32 for the flush, and 8 bytes that the last store may touch. There is a sub-block
 * for each chunk at most.
 */
const headerBytes: usize = 6 * (maxBlockBytes / chunkBytes + maxBlockBytes / 65535 + 3);
export const outputStart: usize = inputEnd + gapBytes;
export const outputEnd: usize = outputStart + ((maxBlockBytes + headerBytes + 8 + 15) & ~15);

/** The whole, with a gap behind the output: what --initialMemory must hold. */
export const mapEnd: usize = outputEnd + gapBytes;
