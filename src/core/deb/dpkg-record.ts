/**
 * dpkg's record of a package, where images without dpkg have it: /var/lib/dpkg/status.d/NAME, a stanza as in
 * /var/lib/dpkg/status, and NAME.md5sums beside it, as the package brings it. Scanners read both.
 */
import type { ImagePath } from '../tree/image-path.ts';
import type { MadeFile } from './made-file.ts';

const folder = 'var/lib/dpkg/status.d';

/** `control` are the texts of control.tar by name. */
export function dpkgRecord(name: string, control: Readonly<Record<string, string>>): MadeFile[] {
  const { control: stanza = '', md5sums } = control;
  const made = [fileAt(name, statusOf(stanza))];
  return md5sums === undefined ? made : [...made, fileAt(`${name}.md5sums`, md5sums)];
}

function fileAt(name: string, text: string): MadeFile {
  return { path: `${folder}/${name}` as ImagePath, text };
}

/** Status stands right behind the name, as dpkg writes it. */
function statusOf(stanza: string): string {
  const text = `${stanza.replaceAll('\r\n', '\n').trim()}\n`;
  return text.replace(/^Package:.*\n/im, (line) => `${line}Status: install ok installed\n`);
}
