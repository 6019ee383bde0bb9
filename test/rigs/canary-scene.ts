/**
 * A user whose secrets are canaries: a home with docker's config.json, a project, a store. Each run of the built command
 * is watched, and fails the test where a canary shows in its output, in a command line, or in any file outside the home.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { canary } from './registry-harness.ts';
import type { RecordingListener } from './recording-listener.ts';
import { scratchFolder } from './scratch-folder.ts';
import { watchCommand, type WatchedRun } from './watched-command.ts';

/** A token that servers give out: as secret as the password. */
export const tokenCanary = 'canary-t0ken-4711';

export interface CanaryScene {
  /** Where commands run. */
  readonly folder: string;
  readonly home: string;
  /** `bin` of the home, which is on PATH. */
  readonly bin: string;
  /** Writes a file into the project. */
  write(name: string, text: string | Uint8Array): void;
  /** Writes a file into the home, which may hold secrets. */
  writeHome(name: string, text: string): void;
  /** Writes docker's config.json: alice's password for these registries, and what else it shall hold. */
  logIn(registries: readonly string[], more?: object): void;
  /** Runs the command; throws where a canary is seen. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<WatchedRun>;
  remove(): void;
}

export function makeCanaryScene(): CanaryScene {
  const scratch = scratchFolder('canary');
  const [home, folder, cache] = ['home', 'project', 'cache'].map((name) => join(scratch.path, name)) as [
    string,
    string,
    string,
  ];
  const bin = join(home, 'bin');
  for (const each of [bin, folder, cache]) mkdirSync(each, { recursive: true });
  return {
    folder,
    home,
    bin,
    write: (name, text) => {
      writeIn(folder, name, text);
    },
    writeHome: (name, text) => {
      writeIn(home, name, text);
    },
    logIn: (registries, more = {}) => {
      const auth = Buffer.from(`alice:${canary}`).toString('base64');
      const auths = Object.fromEntries(registries.map((registry) => [registry, { auth }]));
      writeIn(home, '.docker/config.json', JSON.stringify({ auths, ...more }));
    },
    run: async (args, env = {}) => {
      const PATH = `${bin}:${process.env['PATH'] ?? ''}`;
      const run = await watchCommand(args, { cwd: folder, cache, env: { PATH, HOME: home, ...env } });
      refuseCanaries({
        'standard output': run.stdout,
        'standard error': run.stderr,
        'a command line': run.commandLines,
        ...textsBelow(folder),
        ...textsBelow(cache),
      });
      return run;
    },
    remove: () => {
      scratch.remove();
    },
  };
}

/** Nothing secret, and no header that could be, was sent to a listener that had no right to it. */
export function refuseSecretsAt(listener: RecordingListener): void {
  refuseCanaries({ [listener.host]: listener.seen() });
  const header = /^(?:proxy-)?authorization$|^cookie$/im.exec(listener.seen())?.[0];
  if (header !== undefined) throw new Error(`${header} was sent to ${listener.host}`);
}

/** No canary stands in any of these texts, which are named for where they come from. */
export function refuseCanaries(texts: Readonly<Record<string, string>>): void {
  for (const [where, text] of Object.entries(texts)) {
    const form = forms.find((each) => text.includes(each));
    if (form !== undefined) throw new Error(`a canary (as ${form}) is in ${where}:\n${text.slice(0, 2000)}`);
  }
}

// As they are, in base64 at each of its three alignments, and in hexadecimal.
const forms = [canary, tokenCanary].flatMap((secret) => [
  secret,
  Buffer.from(secret).toString('hex'),
  ...[0, 1, 2].map((before) =>
    Buffer.from(`${'x'.repeat(before)}${secret}`)
      .toString('base64')
      .slice(before === 0 ? 0 : 4, -4),
  ),
]);

/** Every file below a folder as latin1 text, by its path. */
function textsBelow(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path, readFileSync(path, 'latin1')]));
}

function writeIn(folder: string, name: string, text: string | Uint8Array): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
