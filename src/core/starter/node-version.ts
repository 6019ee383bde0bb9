/** The Node of an image, by what a project says of it: `.nvmrc`, `.node-version`, `engines.node`. */
import type { ProjectView } from './project-view.ts';

/** The lines that are looked through, the one that is taken where a project says nothing first. */
const lines = [22, 24, 20, 26];

export interface NodeVersion {
  /** A major version, which is a tag of the image `node`. */
  readonly major: number;
  readonly seen?: string;
}

export function nodeVersion(range: string | undefined, view: ProjectView): NodeVersion {
  for (const file of ['.nvmrc', '.node-version']) {
    const major = /^v?(\d+)/.exec(view.textOf(file)?.trim() ?? '')?.[1];
    if (major !== undefined) return { major: Number(major), seen: file };
  }
  const fit = range === undefined ? undefined : lines.find((major) => allows(range, major));
  const major = fit ?? (range === undefined ? undefined : firstMajor(range));
  return major === undefined ? { major: lines[0] ?? 22 } : { major, seen: `engines.node ${String(range)}` };
}

/** Whether the newest version of a line is in the range (node-semver's grammar, looked at by majors alone). */
function allows(range: string, major: number): boolean {
  return range.split('||').some((alternative) => {
    const hyphen = /^\s*v?(\d+)\S*\s+-\s+v?(\d+)/.exec(alternative);
    if (hyphen !== null) return Number(hyphen[1]) <= major && major <= Number(hyphen[2]);
    const comparators = alternative.match(/(?:[<>]=?|[~^=])?\s*v?[\dx*][\w.*-]*/gi) ?? [];
    return comparators.every((comparator) => satisfies(comparator, major));
  });
}

function satisfies(comparator: string, major: number): boolean {
  const [, operator = '', bound = '', rest = ''] =
    /^([<>]=?|[~^=])?\s*v?(\d+|[x*])(.*)$/i.exec(comparator) ?? [];
  const number = Number(bound);
  if (Number.isNaN(number)) return true;
  switch (operator) {
    case '>=':
      return major >= number;
    case '>':
      // `>20.1` has later versions of line 20 in it; `>20` has none.
      return rest === '' ? major > number : major >= number;
    case '<':
      return major < number;
    case '<=':
      return rest === '' ? major <= number : major < number;
    default:
      return major === number;
  }
}

function firstMajor(range: string): number | undefined {
  const found = /\d+/.exec(range)?.[0];
  return found === undefined ? undefined : Number(found);
}
