/**
 * Where a Packages index first mentions a package. apt numbers packages in that order while it reads an index, and
 * between providers that are alike in everything else it takes the one with the higher number (apt-pkg/depcache.cc,
 * CompareProviders); so to choose as apt does, one has to know it. It is asked for only where nothing else decides.
 */

/** Fields that name packages, as apt reads them. */
const naming = new Set([
  'Package',
  'Pre-Depends',
  'Depends',
  'Conflicts',
  'Breaks',
  'Recommends',
  'Suggests',
  'Replaces',
  'Enhances',
  'Provides',
]);

const chunkBytes = 4 * 2 ** 20;
const decoder = new TextDecoder('latin1');

/** The offset in bytes; undefined where the name is nowhere. */
export function firstMention(bytes: Uint8Array, name: string): number | undefined {
  for (let start = 0; start < bytes.length;) {
    const end = endOfChunk(bytes, start + chunkBytes);
    // One byte is one character of latin1, so an index in the text is an offset in the bytes.
    const at = mentionIn(decoder.decode(bytes.subarray(start, end)), name);
    if (at !== undefined) return start + at;
    start = end;
  }
  return undefined;
}

function mentionIn(text: string, name: string): number | undefined {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (isWholeName(text, at, name) && naming.has(fieldAround(text, at))) return at;
  }
  return undefined;
}

function isWholeName(text: string, at: number, name: string): boolean {
  const before = text[at - 1] ?? '';
  const after = text[at + name.length] ?? '';
  return /^[\s,|]$/.test(before) && !/^[A-Za-z0-9.+-]$/.test(after);
}

/** The name of the field that a place stands in, on its line or above it. */
function fieldAround(text: string, at: number): string {
  let line = text.lastIndexOf('\n', at) + 1;
  while (line > 0 && (text[line] === ' ' || text[line] === '\t')) line = text.lastIndexOf('\n', line - 2) + 1;
  return text.slice(line, text.indexOf(':', line));
}

/** The end of the stanza that `at` falls into, so that no field is cut. */
function endOfChunk(bytes: Uint8Array, at: number): number {
  for (let end = at; end < bytes.length; end += 1) {
    if (bytes[end] === 0x0a && bytes[end - 1] === 0x0a) return end + 1;
  }
  return bytes.length;
}
