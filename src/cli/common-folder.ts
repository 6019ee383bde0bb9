/** Absolute folders, and which of them stand in which. */
import { dirname, isAbsolute, relative, sep } from 'node:path';

/** The lowest folder that holds all of these: one of them where it holds the others. */
export function commonFolder([first = sep, ...others]: readonly string[]): string {
  return others.every((one) => holds(first, one)) ? first : commonFolder([dirname(first), ...others]);
}

/** Those that stand in no other of them, each once. */
export function outermost(folders: readonly string[]): string[] {
  const distinct = [...new Set(folders)];
  return distinct.filter((one) => distinct.every((other) => other === one || !holds(other, one)));
}

function holds(folder: string, path: string): boolean {
  const [first = ''] = relative(folder, path).split(sep);
  return first !== '..' && !isAbsolute(first);
}
