/** What of an image could not be kept on this computer, counted while unpacking; one warning for each kind at the end. */
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';

export type ShortfallKind = 'owners' | 'special-files' | 'xattrs' | 'times';

interface Shortfall {
  count: number;
  /** What it was, as words for people, already escaped. */
  readonly first: string;
}

export class Shortfalls {
  readonly #found = new Map<ShortfallKind, Shortfall>();

  /** `path` as the layer says it; `detail` for one of several things at that path, such as an attribute's name. */
  count(kind: ShortfallKind, path: string, detail?: string): void {
    const found = this.#found.get(kind);
    if (found !== undefined) {
      found.count += 1;
      return;
    }
    const place = quoteText(path === '' ? '/' : path);
    this.#found.set(kind, {
      count: 1,
      first: detail === undefined ? place : `${quoteText(detail)} of ${place}`,
    });
  }

  countOf(kind: ShortfallKind): number {
    return this.#found.get(kind)?.count ?? 0;
  }

  warnings(): Diagnostic[] {
    return [...this.#found].map(([kind, found]) => warningOf(kind, found));
  }
}

function warningOf(kind: ShortfallKind, { count, first }: Shortfall): Diagnostic {
  const which = count === 1 ? first : `the first is ${first}`;
  switch (kind) {
    case 'owners':
      return {
        code: 'bundle/owners-not-set',
        severity: 'warning',
        message: `the owners of ${counted(count, 'entry', 'entries')} were not set: ${which}`,
        help: 'unpack as root to keep owners',
      };
    case 'special-files':
      return {
        code: 'bundle/special-files-not-made',
        severity: 'warning',
        message: `${counted(count, 'special file stands as an empty file', 'special files stand as empty files')}: ${which}`,
        help: 'unpack as root, with mknod and mkfifo installed, to keep devices and fifos',
      };
    case 'xattrs':
      return {
        code: 'bundle/xattrs-not-set',
        severity: 'warning',
        message: `${counted(count, 'extended attribute was', 'extended attributes were')} not set: ${which}`,
        help: 'unpack as root, on a file system with extended attributes and with @napi-rs/xattr installed; overlay attributes are never taken from an image',
      };
    case 'times':
      return {
        code: 'bundle/times-not-exact',
        severity: 'warning',
        message: `${counted(count, 'modification time was', 'modification times were')} not kept exactly: ${which}`,
        help: 'fractions of a second need touch and xargs (GNU coreutils, findutils); the file system bounds the years',
      };
  }
}

function counted(count: number, one: string, several: string): string {
  return `${String(count)} ${count === 1 ? one : several}`;
}
