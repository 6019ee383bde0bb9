/** A small project of a test's own: a folder with a recipe and files, and the built command in it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CommandOptions, type CommandRun, runCommand, succeed } from './command.ts';
import { scratchFolder } from './scratch-folder.ts';

export interface Project {
  readonly folder: string;
  readonly options: CommandOptions;
  /** Writes a file, its folders too. */
  write(name: string, text: string | Uint8Array): void;
  run(...args: readonly string[]): CommandRun;
  /** A run that is given this on standard input. */
  pipe(input: string, ...args: readonly string[]): CommandRun;
  /** stdout of a run that must succeed. */
  succeed(...args: readonly string[]): string;
  remove(): void;
}

/** Without a recipe where that is undefined. */
export function makeProject(
  recipe: string | undefined,
  files: Readonly<Record<string, string>> = {},
): Project {
  const scratch = scratchFolder('project');
  const folder = join(scratch.path, 'project');
  const options = { cwd: folder, cache: join(scratch.path, 'cache') };
  const write = (name: string, text: string | Uint8Array): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  if (recipe !== undefined) write('oci.config.yaml', recipe);
  for (const [name, text] of Object.entries(files)) write(name, text);
  return {
    folder,
    options,
    write,
    run: (...args) => runCommand(args, options),
    pipe: (input, ...args) => runCommand(args, { ...options, input }),
    succeed: (...args) => succeed(args, options),
    remove: () => {
      scratch.remove();
    },
  };
}
