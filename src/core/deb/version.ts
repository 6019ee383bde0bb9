/**
 * Versions of Debian packages and their order (deb-version(7)): `[epoch:]upstream[-revision]`. Parts are compared by
 * turns as text and as numbers; in text `~` sorts before the end, and letters before everything else.
 */

/** Below 0 where `a` is the older, above 0 where it is the newer; 0 where they are one version (`1.0` and `1.0-0`). */
export function compareVersions(a: string, b: string): number {
  const left = splitVersion(a);
  const right = splitVersion(b);
  return (
    compareNumbers(left.epoch, right.epoch) ||
    compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision)
  );
}

/** Whether a text can be the version of a package; what dpkg itself warns of at most is allowed. */
export function isVersion(text: string): boolean {
  return /^(?:[0-9]+:[0-9A-Za-z.+~:-]+|[0-9A-Za-z.+~-]+)$/.test(text) && splitVersion(text).upstream !== '';
}

export type VersionOperator = '<<' | '<=' | '=' | '>=' | '>>';

export interface VersionBound {
  readonly operator: VersionOperator;
  readonly version: string;
}

export function satisfies(version: string, bound: VersionBound): boolean {
  const order = compareVersions(version, bound.version);
  switch (bound.operator) {
    case '<<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '=':
      return order === 0;
    case '>=':
      return order >= 0;
    case '>>':
      return order > 0;
  }
}

interface VersionParts {
  readonly epoch: string;
  readonly upstream: string;
  readonly revision: string;
}

function splitVersion(text: string): VersionParts {
  const colon = text.indexOf(':');
  const epoch = colon < 0 ? '0' : text.slice(0, colon);
  const rest = text.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return dash < 0
    ? { epoch, upstream: rest, revision: '' }
    : { epoch, upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

function compareParts(a: string, b: string): number {
  let left = 0;
  let right = 0;
  while (left < a.length || right < b.length) {
    while ((left < a.length && !isDigit(a, left)) || (right < b.length && !isDigit(b, right))) {
      const difference = weight(a, left) - weight(b, right);
      if (difference !== 0) return difference;
      left += 1;
      right += 1;
    }
    const leftEnd = endOfDigits(a, left);
    const rightEnd = endOfDigits(b, right);
    const difference = compareNumbers(a.slice(left, leftEnd), b.slice(right, rightEnd));
    if (difference !== 0) return difference;
    left = leftEnd;
    right = rightEnd;
  }
  return 0;
}

/** The place of a character in the order of text: `~`, the end or a digit, letters, all others. */
function weight(text: string, at: number): number {
  const unit = at < text.length ? text.charCodeAt(at) : 0;
  if (unit === 0 || isDigitUnit(unit)) return 0;
  if (unit === 0x7e) return -1;
  const isLetter = (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a);
  return isLetter ? unit : unit + 256;
}

function endOfDigits(text: string, from: number): number {
  let at = from;
  while (at < text.length && isDigit(text, at)) at += 1;
  return at;
}

/** Digits of any number, an empty text being 0. */
function compareNumbers(a: string, b: string): number {
  const left = a.replace(/^0+/, '');
  const right = b.replace(/^0+/, '');
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}

function isDigit(text: string, at: number): boolean {
  return isDigitUnit(text.charCodeAt(at));
}

function isDigitUnit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}
