/** One thing that differs between two builds' inputs, in the words of the recipe. Plain JSON. */
import { canonicalJson } from '../digest/canonical-json.ts';

export interface Change {
  readonly change: 'changed' | 'added' | 'removed' | 'moved' | 'renamed';
  /** `file`, `env`, `base`, `compression`, `.dockerignore`: what it is one of. */
  readonly field: string;
  /** Which of them: a path of the context, a variable, a pattern. */
  readonly key?: string;
  /** A file's path in its source, which is shorter than its key. */
  readonly name?: string;
  /** What of a file: content, mode, target. */
  readonly aspect?: string;
  /** JSON; absent where there was nothing. */
  readonly before?: unknown;
  readonly after?: unknown;
  /** What brought it about, where that is no change of the thing itself: `.dockerignore`, `oci.lock`. */
  readonly because?: string;
}

/** `before` and `after` as a change; undefined stands for nothing. */
export function changeOf(what: Pick<Change, 'field' | 'key'>, before: unknown, after: unknown): Change {
  if (before === undefined) return { change: 'added', ...what, after };
  if (after === undefined) return { change: 'removed', ...what, before };
  return { change: 'changed', ...what, before, after };
}

/** No change where both are the same. */
export function differing(field: string, before: unknown, now: unknown): Change[] {
  return isSame(before, now) ? [] : [changeOf({ field }, before, now)];
}

/** Nothing is the same as an empty text. */
export function isSame(a: unknown, b: unknown): boolean {
  return canonicalJson(a ?? '') === canonicalJson(b ?? '');
}

/** As the recipe writes it: `0755`. */
export function octalMode(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}
