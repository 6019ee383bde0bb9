/** The real npm projects of test/interop/npm/projects: a copy of one to work in, with the recipe of its image. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const projects = resolve(import.meta.dirname, '../interop/npm/projects');

/** What a lock's packages are chosen for, in npm's words. */
export interface NpmTarget {
  readonly cpu: 'x64' | 'arm64';
  readonly libc: 'glibc' | 'musl';
}

export const glibcOnX64: NpmTarget = { cpu: 'x64', libc: 'glibc' };
export const glibcOnArm64: NpmTarget = { cpu: 'arm64', libc: 'glibc' };
export const muslOnX64: NpmTarget = { cpu: 'x64', libc: 'musl' };

export function targetName({ cpu, libc }: NpmTarget): string {
  return `${cpu} ${libc}`;
}

export const projectNames: readonly string[] = readdirSync(projects, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

/** A part of lockfile v2 and v3's `packages`. */
export interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly hasInstallScript?: boolean;
}

export function lockedPackages(folder: string): Readonly<Record<string, LockedPackage>> {
  const text = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  return (JSON.parse(text) as { packages: Record<string, LockedPackage> }).packages;
}

/** Copies without what an installation or a build leaves there. */
export function copyProject(name: string, folder: string): string {
  const isMade = (path: string): boolean => /[/](?:node_modules|[.]next)$/.test(path);
  mkdirSync(folder, { recursive: true });
  cpSync(join(projects, name), folder, { recursive: true, filter: (path) => !isMade(path) });
  return folder;
}

/** Writes the recipe of the packages alone, in /app on nothing; uncompressed, since it is unpacked at once. */
export function writeTreeRecipe(folder: string, { cpu, libc }: NpmTarget): void {
  const layer = ['  - npm: .', ...(libc === 'musl' ? ['    libc: musl'] : [])];
  const head = ['from: scratch', 'workdir: /app', `platforms: [${platformOf(cpu)}]`, 'compression: none'];
  const lines = [...head, 'layers:', ...layer];
  writeFileSync(join(folder, 'oci.config.yaml'), `${lines.join('\n')}\n`);
}

export function platformOf(cpu: NpmTarget['cpu']): string {
  return cpu === 'x64' ? 'linux/amd64' : 'linux/arm64';
}

/** Where the service stands below the folder of the image that `npm: .` filled. */
export function serviceFile(folder: string): string {
  return existsSync(join(folder, 'service.js')) ? 'service.js' : 'node_modules/@monorepo/api/service.js';
}
