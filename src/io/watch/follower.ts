/**
 * The command that follows each good build (`--exec`): in a process group of its own, so that ending it ends what it
 * has started, and one at a time.
 */
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { escapeText, quoteText } from '../../core/diagnostic/escape-text.ts';
import { type Environment, type GroupCommand, type ProcessGroup, startGroup } from './process-group.ts';

export interface FollowerOptions extends GroupCommand {
  /** Told of an end that nobody asked for, unless it was with exit code 0. */
  readonly onFailure: (failure: Diagnostic) => void;
}

export class Follower {
  readonly #options: FollowerOptions;
  #group: ProcessGroup | undefined;
  #next: Environment | undefined;
  #turns: Promise<void> = Promise.resolve();

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Ends the command that runs, and then starts it with this environment; of several calls meanwhile the last counts. */
  restart(environment: Environment): void {
    this.#next = environment;
    this.#turns = this.#turns.then(() => this.#turn());
  }

  /** Resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.#next = undefined;
    await this.#turns;
    await this.#end();
  }

  async #turn(): Promise<void> {
    if (this.#next === undefined) return;
    await this.#end();
    const environment = this.#next as Environment | undefined;
    this.#next = undefined;
    if (environment !== undefined) this.#start(environment);
  }

  async #end(): Promise<void> {
    const group = this.#group;
    this.#group = undefined;
    await group?.end();
  }

  #start(environment: Environment): void {
    const group = startGroup(this.#options, environment);
    this.#group = group;
    void group.ended.then((how) => {
      if (how !== undefined && this.#group === group) this.#options.onFailure(failed(this.#options, how));
    });
  }
}

function failed({ command }: GroupCommand, how: string): Diagnostic {
  return {
    code: 'watch/command-failed',
    severity: 'error',
    message: `${quoteText(command)} ended with ${escapeText(how)}`,
    help: 'it runs again after the next build',
  };
}
