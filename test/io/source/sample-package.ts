/** Packages of npm and their locks for tests. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** A lock as npm writes it. */
export function asLock(packages: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ name: 'app', lockfileVersion: 3, requires: true, packages });
}

export function sha512Of(bytes: Uint8Array): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}

/** A text is a file of mode 0644. */
export type PackedFile =
  | string
  | { readonly mode?: number; readonly text?: string; readonly type?: string; readonly linkName?: string };

/** A tarball with these members below `top`, in their order. */
export function packageTar(files: Readonly<Record<string, PackedFile>>, top = 'package/'): Buffer {
  const blocks = Object.entries(files).flatMap(([name, file]) => member(`${top}${name}`, file));
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

// POSIX ustar: https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
function member(name: string, file: PackedFile): Buffer[] {
  const {
    mode = 0o644,
    text = '',
    type = '0',
    linkName = '',
  } = typeof file === 'string' ? { text: file } : file;
  const content = Buffer.from(text);
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(mode.toString(8).padStart(7, '0'), 100);
  header.write('0000000\0' + '0000000\0', 108);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  header.write('00000000000\0', 136);
  header.fill(' ', 148, 156);
  header.write(type, 156);
  header.write(linkName, 157);
  header.write('ustar\0' + '00', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
}
