/** One suite of a Debian archive: Packages in every compression, Release, signatures, and the pool, as files by path. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { BuiltPackage } from './debian-package.ts';
import type { SigningKey } from './signing-key.ts';

export interface ReleaseSpec {
  readonly suite: string;
  readonly codename?: string;
  /** The packages of each component. */
  readonly components: Readonly<Record<string, readonly BuiltPackage[]>>;
  readonly architectures?: readonly ('amd64' | 'arm64')[];
  readonly key: SigningKey;
  /** Milliseconds. */
  readonly date?: number;
  readonly validUntil?: number;
  /** As Debian's: both. */
  readonly signed?: 'inline' | 'detached';
  /** Which forms of Packages there are; Debian's has xz and gz, and says the plain one's digest. */
  readonly compressions?: readonly IndexCompression[];
  readonly byHash?: 'no';
  /** Further fields of Release. */
  readonly fields?: Readonly<Record<string, string>>;
}

export type IndexCompression = 'none' | 'gz' | 'xz' | 'zst';

/** By path below the mirror's URL. */
export type ArchiveFiles = ReadonlyMap<string, Buffer>;

const squeeze: Readonly<Record<IndexCompression, (bytes: Buffer) => Buffer>> = {
  none: (bytes) => bytes,
  gz: (bytes) => gzipSync(bytes),
  xz: (bytes) => execFileSync('xz', ['-c'], { input: bytes }),
  zst: (bytes) => execFileSync('zstd', ['-q', '-c'], { input: bytes }),
};

export function releaseFiles(spec: ReleaseSpec): ArchiveFiles {
  const indexes = indexFiles(spec);
  const dists = `dists/${spec.suite}`;
  const { compressions = ['gz', 'xz'] } = spec;
  const isServed = (name: string): boolean =>
    compressions.some((form) => name.endsWith(form === 'none' ? 'Packages' : `.${form}`));
  const files = new Map<string, Buffer>(poolFiles(spec));
  for (const [name, bytes] of indexes) {
    if (!isServed(name)) continue;
    files.set(`${dists}/${name}`, bytes);
    if (spec.byHash !== 'no') files.set(`${dists}/${byHashName(name, bytes)}`, bytes);
  }
  const text = releaseText(spec, indexes);
  if (spec.signed !== 'detached') files.set(`${dists}/InRelease`, spec.key.signInline(text));
  if (spec.signed === 'inline') return files;
  files.set(`${dists}/Release`, Buffer.from(text));
  files.set(`${dists}/Release.gpg`, spec.key.signDetached(text));
  return files;
}

/** Where a package stands below the mirror's URL. */
export function poolPath(component: string, { spec, fileName }: BuiltPackage): string {
  return `pool/${component}/${spec.name.slice(0, 1)}/${spec.name}/${fileName}`;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function byHashName(name: string, bytes: Uint8Array): string {
  return name.replace(/[^/]+$/, `by-hash/SHA256/${sha256(bytes)}`);
}

function* poolFiles(spec: ReleaseSpec): Iterable<[string, Buffer]> {
  for (const [component, packages] of Object.entries(spec.components))
    for (const built of packages) yield [poolPath(component, built), built.bytes];
}

/** All forms of all indexes, the plain ones too, by their names in Release. */
function indexFiles(spec: ReleaseSpec): ArchiveFiles {
  const files = new Map<string, Buffer>();
  const { architectures = ['amd64', 'arm64'], compressions = ['gz', 'xz'] } = spec;
  for (const [component, packages] of Object.entries(spec.components)) {
    for (const architecture of architectures) {
      const fits = packages.filter(
        ({ spec: { architecture: own } }) => own === architecture || own === 'all',
      );
      const text = fits.map((built) => stanza(component, built)).join('\n');
      const plain = Buffer.from(text);
      const name = `${component}/binary-${architecture}/Packages`;
      files.set(name, plain);
      for (const form of compressions)
        if (form !== 'none') files.set(`${name}.${form}`, squeeze[form](plain));
    }
  }
  return files;
}

function stanza(component: string, built: BuiltPackage): string {
  const facts = [
    `Filename: ${poolPath(component, built)}`,
    `Size: ${String(built.bytes.length)}`,
    `MD5sum: ${createHash('md5').update(built.bytes).digest('hex')}`,
    `SHA256: ${sha256(built.bytes)}`,
  ];
  return `${built.control}${facts.join('\n')}\n`;
}

function releaseText(spec: ReleaseSpec, indexes: ArchiveFiles): string {
  const { date = Date.now(), validUntil, architectures = ['amd64', 'arm64'] } = spec;
  const fields = {
    Origin: 'Layerwright',
    Label: 'Layerwright',
    Suite: spec.suite,
    Codename: spec.codename ?? spec.suite,
    Date: timeText(date),
    ...(validUntil === undefined ? {} : { 'Valid-Until': timeText(validUntil) }),
    ...(spec.byHash === 'no' ? {} : { 'Acquire-By-Hash': 'yes' }),
    'No-Support-for-Architecture-all': 'Packages',
    Architectures: ['all', ...architectures].join(' '),
    Components: Object.keys(spec.components).join(' '),
    ...spec.fields,
  };
  const head = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`);
  const lines = [...indexes].map(
    ([name, bytes]) => ` ${sha256(bytes)} ${String(bytes.length).padStart(8)} ${name}\n`,
  );
  return `${head.join('')}SHA256:\n${lines.join('')}`;
}

/** As Debian writes it: RFC 2822's form, in UTC. */
function timeText(time: number): string {
  return new Date(time).toUTCString().replace('GMT', 'UTC');
}
