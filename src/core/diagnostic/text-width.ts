/**
 * How many columns of a terminal a character takes: 0 for marks that join the one before, 2 for wide ones
 * (Unicode UAX #11, East Asian Width W and F, in ranges; emoji that are shown as pictures), else 1.
 */

const joining = /^[\p{Mn}\p{Me}\u200b-\u200d\ufeff]$/u;
const picture = /^\p{Emoji_Presentation}$/u;

const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97c],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
];

/** The columns of one character (one code point, not a control). */
export function characterWidth(character: string): 0 | 1 | 2 {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (joining.test(character)) return 0;
  if (wideRanges.some(([first, last]) => code >= first && code <= last)) return 2;
  return picture.test(character) ? 2 : 1;
}
