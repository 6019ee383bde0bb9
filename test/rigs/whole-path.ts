/**
 * The whole path on real input: a Debian root by mmdebstrap with Debian's own Node, a service with more than 5,000 files
 * of node_modules installed by npm, and an image of odd nodes above it; built by the built command.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type CommandOptions, succeed } from './command.ts';
import { keptInput } from './kept-input.ts';
import { oddArchive } from './odd-archive.ts';
import { hasProgram, isRoot } from './runtimes.ts';
import { scratchFolder } from './scratch-folder.ts';

export const canBuildWholePath = isRoot && hasProgram('mmdebstrap') && hasProgram('npm');
export const wholePathNeeds = 'needs root, mmdebstrap with an apt source, npm with a registry';

export type WholeImage = 'service' | 'odd';

export interface WholePath {
  readonly folder: string;
  readonly options: CommandOptions;
  /** What the build printed. */
  readonly digests: Readonly<Record<WholeImage, string>>;
  /** `oci:FOLDER:TAG` of each image, in a layout of its own. */
  readonly layouts: Readonly<Record<WholeImage, string>>;
  remove(): void;
}

const examples = resolve(import.meta.dirname, '../../examples');
const fixture = resolve(import.meta.dirname, '../interop/whole-path');

/** `outputs`: more places for the image, such as `docker-archive:IMAGE.tar`; IMAGE stands for its name. */
export function buildWholePath(name: string, outputs: readonly string[] = []): WholePath {
  const scratch = scratchFolder(name);
  const folder = join(scratch.path, 'project');
  const options = { cwd: folder, cache: join(scratch.path, 'cache') };
  const { remove } = scratch;
  const layoutOf = (image: WholeImage): string => `oci:${join(folder, `${image}-layout`)}:it`;
  const built = (image: WholeImage): string =>
    build(image, [layoutOf(image), ...outputs.map((place) => place.replaceAll('IMAGE', image))], options);
  try {
    writeProject(folder);
    const digests = { service: built('service'), odd: built('odd') };
    return {
      folder,
      options,
      digests,
      layouts: { service: layoutOf('service'), odd: layoutOf('odd') },
      remove,
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Gives the digest that the build printed. */
function build(image: WholeImage, places: readonly string[], options: CommandOptions): string {
  const printed = succeed(['build', image, '-q', ...places.flatMap((place) => ['-o', place])], options);
  const digest = /@(sha256:[0-9a-f]{64})\n$/.exec(printed)?.[1];
  if (digest === undefined) throw new Error(`build printed ${JSON.stringify(printed)}`);
  return digest;
}

function writeProject(folder: string): void {
  mkdirSync(folder);
  for (const name of ['oci.config.yaml', 'look.mjs']) cpSync(join(fixture, name), join(folder, name));
  cpSync(join(examples, 'node-service/package.json'), join(folder, 'package.json'));
  cpSync(join(examples, 'node-service/src'), join(folder, 'src'), { recursive: true });
  cpSync(join(nodeModules(), 'node_modules'), join(folder, 'node_modules'), { recursive: true });
  cpSync(join(debianWithNode(), 'debian.tar'), join(folder, 'debian.tar'));
  writeFileSync(join(folder, 'odd.tar'), oddArchive());
}

/** A folder with `debian.tar`: busybox, time zones and Node in it. */
export function debianWithNode(): string {
  const script = join(examples, 'debian-rootfs/make-root.sh');
  return keptInput({
    name: 'debian',
    madeOf: [readFileSync(script, 'utf8'), 'amd64', 'nodejs'],
    make: (folder) => {
      execFileSync(script, ['amd64', join(folder, 'debian.tar'), 'nodejs'], { stdio: 'pipe' });
    },
  });
}

/** A folder with `node_modules`, installed by npm from a lock file that names no host. */
function nodeModules(): string {
  const [manifest = '', lock = ''] = ['package.json', 'package-lock.json'].map((name) =>
    readFileSync(join(examples, 'node-service', name), 'utf8'),
  );
  return keptInput({
    name: 'node-modules',
    madeOf: [manifest, lock],
    make: (folder) => {
      writeFileSync(join(folder, 'package.json'), manifest);
      writeFileSync(join(folder, 'package-lock.json'), lock);
      const flags = ['--no-audit', '--no-fund', '--ignore-scripts'];
      execFileSync('npm', ['ci', ...flags], { cwd: folder, stdio: 'pipe' });
    },
  });
}
