/** Bytes of a recipe or a lock as text. Only UTF-8 is one; where it is something else, the place of the first such byte is told. */
import { type Diagnostic, type Outcome, succeed } from '../diagnostic/diagnostic.ts';
import { placeOf, type SourceText } from '../diagnostic/source-text.ts';
import { recipeLimits } from './text-limits.ts';

/** A byte order mark is kept, for parseRecipe to refuse with its place. */
export function decodeText(name: string, bytes: Uint8Array): Outcome<SourceText> {
  if (bytes.length > recipeLimits.bytes) return refuseSize(name);
  try {
    return succeed({ name, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) });
  } catch {
    return refuse(name, bytes);
  }
}

function refuseSize(name: string): Outcome<never> {
  return refusal({
    code: 'recipe/too-large',
    message: `the text has more than ${recipeLimits.bytes} bytes`,
    place: placeOf({ name, text: '' }, { start: 0, end: 0 }),
    help: 'keep large contents in files beside the recipe and `copy` them',
  });
}

function refusal(diagnostic: Omit<Diagnostic, 'severity'>): Outcome<never> {
  return { ok: false, diagnostics: [{ severity: 'error', ...diagnostic }] };
}

function refuse(name: string, bytes: Uint8Array): Outcome<never> {
  const isWide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  // Decoding again puts U+FFFD where the first byte is that does not fit.
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const start = isWide ? 0 : firstReplaced(text, bytes);
  return refusal({
    code: 'recipe/encoding',
    message: isWide ? 'the text is UTF-16' : 'the text holds a byte that is not UTF-8',
    place: placeOf({ name, text }, { start, end: start + 1 }),
    help: 'save it as UTF-8 without a byte order mark',
  });
}

/** The text may hold U+FFFD of its own, so those before the first bad byte are passed over. */
function firstReplaced(text: string, bytes: Uint8Array): number {
  const encoder = new TextEncoder();
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) {
    const offset = encoder.encode(text.slice(0, at)).length;
    const own = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd;
    if (!own) return at;
  }
  return 0;
}
