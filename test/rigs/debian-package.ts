/** Debian packages of a test's own, built by the real dpkg-deb from a few words: names, fields, files, scripts. */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { bzip2Member } from './debian-member.ts';
import { keptInput } from './kept-input.ts';
import { scratchFolder } from './scratch-folder.ts';

export type DataCompression = 'xz' | 'zstd' | 'gzip' | 'none' | 'bzip2';

/** A file's text, or more of it than that. */
export type PackagedFile =
  | string
  | { readonly content: string | Uint8Array; readonly mode: number }
  | { readonly folder: number }
  | { readonly link: string }
  | { readonly hardLink: string };

export interface PackageSpec {
  readonly name: string;
  readonly version: string;
  readonly architecture: 'amd64' | 'arm64' | 'all';
  /** Further fields of control: Depends, Provides, Multi-Arch… */
  readonly fields?: Readonly<Record<string, string>>;
  /** By path below the root, without a leading slash. */
  readonly files?: Readonly<Record<string, PackagedFile>>;
  /** Maintainer scripts, triggers, conffiles: the control archive's other members. */
  readonly control?: Readonly<Record<string, string>>;
  /** As Debian's own: xz. */
  readonly compression?: DataCompression;
}

export interface BuiltPackage {
  readonly spec: PackageSpec;
  /** The control file's text, as Packages repeats it. */
  readonly control: string;
  /** `NAME_VERSION_ARCH.deb`, without the epoch. */
  readonly fileName: string;
  readonly bytes: Buffer;
}

/** What every file of these packages was last changed at. */
export const packagedTime = 1_700_000_000;

/** Built once for each computer: a package is what its spec and dpkg-deb make of it. */
export function buildPackages(specs: readonly PackageSpec[]): readonly BuiltPackage[] {
  const folder = keptInput({
    name: 'debs',
    madeOf: [JSON.stringify(specs), readFileSync(import.meta.filename, 'utf8')],
    make: (made) => {
      for (const spec of specs) buildOne(spec, join(made, fileNameOf(spec)));
    },
  });
  return specs.map((spec) => {
    const fileName = fileNameOf(spec);
    return { spec, control: controlOf(spec), fileName, bytes: readFileSync(join(folder, fileName)) };
  });
}

function fileNameOf({ name, version, architecture }: PackageSpec): string {
  return `${name}_${version.replace(/^\d+:/, '')}_${architecture}.deb`;
}

function controlOf(spec: PackageSpec): string {
  const fields = {
    Package: spec.name,
    Version: spec.version,
    Architecture: spec.architecture,
    Maintainer: 'Layerwright Tests <tests@example.org>',
    'Installed-Size': '1',
    ...spec.fields,
    Description: `package ${spec.name} of a test\n Its second line stands here.\n .\n And a last one.`,
  };
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}

function buildOne(spec: PackageSpec, output: string): void {
  const scratch = scratchFolder('deb');
  try {
    const root = join(scratch.path, 'root');
    mkdirSync(root, { mode: 0o755 });
    for (const [path, file] of Object.entries(spec.files ?? {})) placeFile(root, path, file);
    age(root);
    writeControl(join(root, 'DEBIAN'), spec);
    const { compression = 'xz' } = spec;
    const byDpkg = compression === 'bzip2' ? 'none' : compression;
    // Each file's time is its own; the members' and the control files' are this one's.
    const env = { ...process.env, SOURCE_DATE_EPOCH: String(packagedTime) };
    const argv = ['--root-owner-group', `-Z${byDpkg}`, '--build', root, output];
    execFileSync('dpkg-deb', argv, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    if (compression === 'bzip2') writeFileSync(output, bzip2Member(readFileSync(output), 'data.tar'));
  } finally {
    scratch.remove();
  }
}

function placeFile(root: string, path: string, file: PackagedFile): void {
  const place = join(root, path);
  mkdirSync(dirname(place), { recursive: true, mode: 0o755 });
  if (typeof file === 'string') writeFileSync(place, file, { mode: 0o644 });
  else if ('link' in file) symlinkSync(file.link, place);
  else if ('hardLink' in file) linkSync(join(root, file.hardLink), place);
  else if ('folder' in file) mkdirSync(place, { recursive: true });
  else writeFileSync(place, file.content);
  // Whatever the umask, and setuid too.
  if (typeof file === 'object' && 'mode' in file) chmodSync(place, file.mode);
  if (typeof file === 'object' && 'folder' in file) chmodSync(place, file.folder);
}

function writeControl(folder: string, spec: PackageSpec): void {
  mkdirSync(folder, { mode: 0o755 });
  writeFileSync(join(folder, 'control'), controlOf(spec));
  for (const [name, text] of Object.entries(spec.control ?? {})) {
    const isScript = /^(?:pre|post)(?:inst|rm)$/.test(name);
    writeFileSync(join(folder, name), text);
    chmodSync(join(folder, name), isScript ? 0o755 : 0o644);
  }
}

/** Every node below, the folder itself last. */
function age(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) age(path);
    else lutimesSync(path, packagedTime, packagedTime);
  }
  lutimesSync(folder, packagedTime, packagedTime);
}
