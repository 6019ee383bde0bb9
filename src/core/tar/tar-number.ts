/**
 * Numbers in header fields: octal digits, or GNU's base-256 (tar manual, Extensions): the first byte has its top bit
 * set and the field is a big-endian two's complement number.
 */

/** The first number that does not fit, by the length of the field. */
const octalLimits = Float64Array.from({ length: 13 }, (_, length) => 8 ** (length - 1));

/** Whether a value fits a field of `length` bytes, 12 at most, as octal digits and a NUL. */
export function fitsOctal(value: number, length: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < (octalLimits[length] ?? 0);
}

/** The value of a field; undefined where it is malformed or no safe integer. A blank field is 0. */
export function parseNumber(field: Uint8Array): number | undefined {
  return ((field[0] ?? 0) & 0x80) === 0 ? parseOctal(field) : parseBase256(field);
}

// Spaces, digits, then only NULs and spaces: what every reader takes for the same number.
function parseOctal(field: Uint8Array): number | undefined {
  let at = 0;
  while (field[at] === 0x20) at += 1;
  let value = 0;
  for (; isOctalDigit(field[at]); at += 1) value = value * 8 + ((field[at] ?? 0) - 0x30);
  for (; at < field.length; at += 1) if (field[at] !== 0 && field[at] !== 0x20) return undefined;
  return Number.isSafeInteger(value) ? value : undefined;
}

function isOctalDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x37;
}

function parseBase256(field: Uint8Array): number | undefined {
  const negative = ((field[0] ?? 0) & 0x40) !== 0;
  const flip = negative ? 0xff : 0;
  let value = ((field[0] ?? 0) ^ flip) & 0x7f;
  for (const byte of field.subarray(1)) {
    value = value * 256 + (byte ^ flip);
    if (!Number.isSafeInteger(value)) return undefined;
  }
  return negative ? -value - 1 : value;
}
