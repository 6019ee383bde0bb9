/**
 * Small checks that documents of the specifications are made of: each looks at one value and says every problem with
 * its JSON Pointer. A member whose name differs from a known one only in case is a problem: other readers (Go's
 * encoding/json) take it for the known one, and we would not.
 */
import { escapeText } from '../diagnostic/escape-text.ts';
import { foldCase, pointerOf } from './strict-json.ts';

export interface Problem {
  /** RFC 6901; '' is the whole document. Names in it are as they stand there: escape before printing. */
  readonly pointer: string;
  /** One clause without a full stop, safe to print. */
  readonly message: string;
}

export type Check = (value: unknown, pointer: string) => readonly Problem[];

/** A value is as it should be, or the message says what it must be. */
export function must(isRight: (value: unknown) => boolean, message: string): Check {
  return (value, pointer) => (isRight(value) ? [] : [{ pointer, message }]);
}

export const text = must((value) => typeof value === 'string', 'must be a string');
export const flag = must((value) => typeof value === 'boolean', 'must be true or false');

/** A string that `isRight` takes. */
export function textThat(isRight: (text: string) => boolean, message: string): Check {
  return must((value) => typeof value === 'string' && isRight(value), message);
}

/** An integer of at least `least` that a JavaScript number holds exactly. */
export function integerFrom(least: number): Check {
  return must(
    (value) => Number.isSafeInteger(value) && (value as number) >= least,
    `must be an integer from ${String(least)} to 2^53 - 1`,
  );
}

export function orNull(check: Check): Check {
  return (value, pointer) => (value === null ? [] : check(value, pointer));
}

export function listOf(item: Check, least = 0): Check {
  return (value, pointer) => {
    if (!Array.isArray(value)) return [{ pointer, message: 'must be an array' }];
    if (value.length < least) return [{ pointer, message: `must have at least ${String(least)} entry` }];
    return value.flatMap((entry: unknown, at) => item(entry, `${pointer}/${String(at)}`));
  };
}

/** An object whose keys are data. */
export function mapOf(value: Check): Check {
  return (map, pointer) =>
    isObject(map)
      ? Object.entries(map).flatMap(([key, entry]) => value(entry, pointer + pointerOf([key])))
      : [{ pointer, message: 'must be an object' }];
}

/** An object with these members; others are allowed unless they are case variants of these. */
export function objectWith(required: Members, optional: Members = {}): Check {
  const known: Members = { ...optional, ...required };
  const folded = new Map(Object.keys(known).map((name) => [foldCase(name), name]));
  return (value, pointer) => {
    if (!isObject(value)) return [{ pointer, message: 'must be an object' }];
    const missing = Object.keys(required).filter((name) => !Object.hasOwn(value, name));
    return [
      ...missing.map((name) => ({ pointer, message: `must have a member \`${name}\`` })),
      ...Object.keys(value).flatMap((name) =>
        checkMember({ name, value: value[name], pointer, known, meant: folded.get(foldCase(name)) }),
      ),
    ];
  };
}

type Members = Readonly<Record<string, Check>>;

interface Member {
  readonly name: string;
  readonly value: unknown;
  readonly pointer: string;
  readonly known: Members;
  readonly meant: string | undefined;
}

function checkMember({ name, value, pointer, known, meant }: Member): readonly Problem[] {
  const at = pointer + pointerOf([name]);
  if (meant === undefined) return [];
  if (meant !== name) {
    return [{ pointer: at, message: `\`${escapeText(name)}\` is \`${meant}\` to readers that ignore case` }];
  }
  return known[name]?.(value, at) ?? [];
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
