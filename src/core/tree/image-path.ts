/**
 * Paths inside an image: relative to its root, `/` between components, no `.` or `..` component, no trailing slash;
 * the empty string is the root itself. Names are bytes: text holds UTF-8 as usual, and each byte that is no part of
 * valid UTF-8 stands as the lone surrogate U+DC00 + byte (Python's surrogateescape), so 0xFF and 0xFE stay two names.
 */

declare const brand: unique symbol;
export type ImagePath = string & { readonly [brand]: 'ImagePath' };

export const rootPath = '' as ImagePath;

export type ImagePathParse =
  | { readonly ok: true; readonly path: ImagePath }
  | { readonly ok: false; readonly reason: 'parent-component' | 'nul' | 'too-long' };

/** Strips leading slashes, `.` components and doubled slashes; refuses `..`, NUL and more than 4096 units. */
export function parseImagePath(text: string): ImagePathParse {
  if (text.length > 4096) return { ok: false, reason: 'too-long' };
  if (text.includes('\0')) return { ok: false, reason: 'nul' };
  const components = text.split('/').filter((component) => component !== '' && component !== '.');
  if (components.includes('..')) return { ok: false, reason: 'parent-component' };
  return { ok: true, path: components.join('/') as ImagePath };
}

export function joinPath(parent: ImagePath, child: ImagePath): ImagePath {
  if (parent === '') return child;
  return (child === '' ? parent : `${parent}/${child}`) as ImagePath;
}

/** The folder above; the root's is the root. */
export function parentPath(path: ImagePath): ImagePath {
  const slash = path.lastIndexOf('/');
  return (slash < 0 ? '' : path.slice(0, slash)) as ImagePath;
}

export function baseName(path: ImagePath): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folders above a path from the top, without the root and the path itself: `a`, `a/b` for `a/b/c`. */
export function foldersAbove(path: ImagePath): ImagePath[] {
  const folders: ImagePath[] = [];
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    folders.push(path.slice(0, slash) as ImagePath);
  }
  return folders;
}

/** The folders above any of the paths, each once, without the root. */
export function foldersAboveAll(paths: Iterable<ImagePath>): Set<ImagePath> {
  const folders = new Set<ImagePath>();
  for (const path of paths) {
    let folder = parentPath(path);
    // What is above a folder that is known is known too.
    for (; folder !== rootPath && !folders.has(folder); folder = parentPath(folder)) folders.add(folder);
  }
  return folders;
}

/** Whether `path` is `folder` or stands below it. */
export function isWithin(path: ImagePath, folder: ImagePath): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

const encoder = new TextEncoder();

/** The bytes of a name or path: UTF-8, with U+DC80..U+DCFF standing for single bytes. */
export function pathToBytes(path: string): Uint8Array {
  if (path.isWellFormed()) return encoder.encode(path);
  const bytes: number[] = [];
  for (const character of path) {
    const unit = character.charCodeAt(0);
    if (character.length === 1 && unit >= 0xdc80 && unit <= 0xdcff) bytes.push(unit - 0xdc00);
    else bytes.push(...encoder.encode(character));
  }
  return Uint8Array.from(bytes);
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The inverse of pathToBytes for any bytes; valid UTF-8 decodes as usual. */
export function pathFromBytes(bytes: Uint8Array): string {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return decodeWithEscapes(bytes);
  }
}

function decodeWithEscapes(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    text +=
      length === 0
        ? String.fromCharCode(0xdc00 + (bytes[at] ?? 0))
        : strictDecoder.decode(bytes.subarray(at, at + length));
    at += Math.max(length, 1);
  }
  return text;
}

/** Length of the valid UTF-8 sequence at `at`, 0 where there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  const length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  try {
    strictDecoder.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}

/** The one order of paths: by their bytes, whatever the locale. */
export function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left === right) continue;
    // UTF-16 and UTF-8 agree on the order unless a surrogate (a pair, or our escape of a byte) is involved.
    return isSurrogate(left) || isSurrogate(right)
      ? compareBytes(pathToBytes(a), pathToBytes(b))
      : left - right;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
