/** The small archive with its two suites, and projects whose recipes take packages from it. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandRun } from './command.ts';
import { type DebianArchive, startDebianArchive } from './debian-archive.ts';
import { mirrorValue } from './debian-project.ts';
import type { ReleaseSpec } from './debian-release.ts';
import { samplePackages, type SamplePackages } from './debian-sample.ts';
import { networkCut } from './network-cut.ts';
import { makeProject, type Project } from './project.ts';
import { runBuilt, runProgram } from './run-program.ts';
import { builtCommand } from './command.ts';
import { makeSigningKey, type SigningKey } from './signing-key.ts';

export interface DebianScene {
  readonly archive: DebianArchive;
  readonly key: SigningKey;
  readonly sample: SamplePackages;
  /** The stable suite, but for what is said. */
  stable(more?: Partial<ReleaseSpec>): ReleaseSpec;
  /** A project whose one layer asks for these packages, of the stable suite unless `mirror` says otherwise. */
  project(names: readonly string[], layer?: Readonly<Record<string, unknown>>): DebianProject;
  stop(): Promise<void>;
}

export interface DebianProject extends Project {
  /** Without blocking this process, which is the server. */
  go(...args: readonly string[]): Promise<CommandRun>;
  /** With the network cut off, loopback too. */
  goAlone(...args: readonly string[]): Promise<CommandRun>;
  /** Digests of the blobs that the store holds, each true: its bytes are hashed. */
  blobs(): readonly string[];
}

export async function startDebianScene(): Promise<DebianScene> {
  const key = makeSigningKey();
  const sample = samplePackages();
  const archive = await startDebianArchive();
  const stable = (more: Partial<ReleaseSpec> = {}): ReleaseSpec => ({
    suite: 'stable',
    components: { main: sample.main },
    key,
    ...more,
  });
  archive.publish(stable());
  const projects: Project[] = [];
  return {
    archive,
    key,
    sample,
    stable,
    project: (names, layer = {}) => {
      const mirror = [{ mirror: archive.mirror, suite: 'stable' }];
      const whole = {
        deb: names,
        mirror: JSON.parse(mirrorValue(mirror)) as unknown,
        keyring: 'key.gpg',
        ...layer,
      };
      const project = makeProject(recipeWith(whole));
      project.write('key.gpg', key.keyring);
      projects.push(project);
      return withNetwork(project);
    },
    stop: async () => {
      for (const project of projects) project.remove();
      key.remove();
      await archive.stop();
    },
  };
}

/** A recipe for two processors with this layer alone. */
export function recipeWith(layer: Readonly<Record<string, unknown>>): string {
  return `image: localhost/greeter
from: scratch
platforms: [linux/amd64, linux/arm64]
layers:
  - ${JSON.stringify(layer)}
`;
}

function withNetwork(project: Project): DebianProject {
  const { cwd, cache } = project.options;
  return {
    ...project,
    go: (...args) => runBuilt(args, project.options),
    goAlone: (...args) => {
      const [program = '', ...words] = [...(networkCut ?? []), process.execPath, builtCommand, ...args];
      return runProgram(program, words, { cwd, env: { LAYERWRIGHT_CACHE_DIR: cache } });
    },
    blobs: () => trueBlobs(join(cache, 'store/blobs/sha256')),
  };
}

function trueBlobs(folder: string): readonly string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const wrong = names.filter(
    (name) =>
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex') !== name,
  );
  if (wrong.length > 0)
    throw new Error(`the store holds blobs that are not what they are called: ${wrong.join()}`);
  return names.sort();
}
