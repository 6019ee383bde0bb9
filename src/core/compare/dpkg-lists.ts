/**
 * What dpkg keeps of the files that it laid down: info/NAME.list and info/NAME.md5sums of an ordinary system (dpkg(1),
 * FILES), status.d/NAME.md5sums of images that were made without dpkg. Written by others: a line that names no path of an
 * image is passed over.
 */
import { type ImagePath, parseImagePath } from '../tree/image-path.ts';

export interface DpkgList {
  /** As the file is called: `libc6`, or `libc6:amd64` where several processors' may be installed. */
  readonly package: string;
  /** As dpkg wrote them, links among their folders not followed. */
  readonly paths: readonly ImagePath[];
}

const longest = 16 << 20;

const listFile = /^var\/lib\/dpkg\/(?:info|status\.d)\/([^/]+)\.(list|md5sums)$/;

/** So many bytes of a list are read; undefined for a file that is none. */
export function dpkgListLimit(path: ImagePath): number | undefined {
  return listFile.test(path) ? longest : undefined;
}

export function dpkgListIn(path: ImagePath, text: string): DpkgList | undefined {
  const [, name, kind] = listFile.exec(path) ?? [];
  if (name === undefined) return undefined;
  const written = text.split('\n').map((line) => (kind === 'list' ? line : afterDigest(line)));
  const paths = written.flatMap((line) => {
    const parsed = parseImagePath(line);
    return parsed.ok && parsed.path !== '' ? [parsed.path] : [];
  });
  return { package: name, paths };
}

/** `d41d8cd98f00b204e9800998ecf8427e  usr/bin/true`; empty for another line. */
function afterDigest(line: string): string {
  return /^[0-9a-f]{32} [ *](.+)$/.exec(line)?.[1] ?? '';
}
