/** What the grammar says of one command; program.ts turns it into commander's, and docs and completion may read it. */
import type { Option } from 'commander';
import type { Surroundings } from './surroundings.ts';

export interface Invocation {
  readonly operands: readonly string[];
  /** As commander parsed them by the command's own options. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** Runs a command to its exit code. */
export type RunCommand = (invocation: Invocation, surroundings: Surroundings) => Promise<number>;

export interface CommandSpec {
  /** `build`, or `cache du` for a command of a group. */
  readonly name: string;
  readonly description: string;
  /** `<needed>`, `[optional]`, `[several...]`, each with what it is, and what may stand there where that is a few words. */
  readonly operands: readonly (readonly [name: string, description: string, words?: readonly string[]])[];
  readonly options: readonly Option[];
  readonly examples: readonly [string, string, string];
  /** Loads the command's code when it is called. */
  readonly load: () => Promise<RunCommand>;
}
