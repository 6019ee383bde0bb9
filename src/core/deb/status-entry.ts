/**
 * What says which packages are in an image: var/lib/dpkg/status.d/NAME with the package's control stanza and the line
 * that dpkg's own status file has (`Status: install ok installed`), and NAME.md5sums beside it, as in distroless images.
 * Scanners read it so, and put together they are a status file that dpkg-query lists.
 */
import { parseSingleControl } from './control-file.ts';
import { writtenFile, writtenFolder, type WrittenEntry } from './written-file.ts';

const folder = 'var/lib/dpkg/status.d';

export interface InstalledPackage {
  readonly name: string;
  /** The text of `control` in its control.tar. */
  readonly control: string;
  /** The text of `md5sums` there, where it is. */
  readonly md5sums: string | undefined;
}

/** The files, and the folders above them that are the same in every image. */
export function statusEntries(packages: readonly InstalledPackage[]): WrittenEntry[] {
  const folders = ['var', 'var/lib', 'var/lib/dpkg', folder].map((path) => writtenFolder(path));
  const files = packages.flatMap(({ name, control, md5sums }) => [
    writtenFile(`${folder}/${name}`, statusText(name, control)),
    ...(md5sums === undefined ? [] : [writtenFile(`${folder}/${name}.md5sums`, md5sums)]),
  ]);
  return [...folders, ...files];
}

/** `Package` first and `Status` behind it, as dpkg writes them; the rest in the order of the control file. */
function statusText(name: string, control: string): string {
  const stanza = parseSingleControl(control, `the control file of ${name}`);
  const others = [...stanza.fields].filter(([key]) => key !== 'package' && key !== 'status');
  const lines = others.map(([, field]) => `${field.name}:${spaced(field.value)}\n`);
  return `Package: ${name}\nStatus: install ok installed\n${lines.join('')}\n`;
}

/** A value that begins on the next line has no blank behind the colon. */
function spaced(value: string): string {
  return value === '' || value.startsWith('\n') ? value : ` ${value}`;
}
