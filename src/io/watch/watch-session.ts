/**
 * Runs the machine of watch-state.ts: one build at a time, a new one once what changed has settled, none that is
 * outdated where it can be helped.
 */
import { SettleTimer } from './settle-timer.ts';
import { processClock, type WatchClock } from './watch-clock.ts';
import { startState, step, type WatchCommand, type WatchInput, type WatchState } from './watch-state.ts';

export interface WatchBuild {
  /** `change` for what a watch has seen; `asked` for the first build and for those that somebody asked for. */
  readonly cause: 'asked' | 'change';
  /** Aborted where the build is outdated, or everything is to end. */
  readonly signal: AbortSignal;
}

export interface WatchOptions {
  /** Says itself how it went; what it rejects with ends the watch. Has to end soon after its signal was aborted. */
  readonly build: (build: WatchBuild) => Promise<void>;
  /** What was built is outdated, or somebody has asked: builds follow. */
  readonly onStart?: () => void;
  /** Milliseconds after a build when another one looks for changes, as if there had been one; undefined for never. */
  readonly pollMs?: () => number | undefined;
  /** The process's own if absent. */
  readonly clock?: WatchClock;
}

export interface WatchSession {
  /** To be called for every change, however many there are. */
  change(): void;
  /** Builds now. */
  ask(): void;
  /** Ends everything; idempotent. */
  quit(): void;
  /** Resolves when all has ended, after `quit`; rejects with what a build did. */
  readonly ended: Promise<void>;
}

/** Begins with a build. */
export function startWatch(options: WatchOptions): WatchSession {
  let watching: Watching | undefined;
  const ended = new Promise<void>((resolve, reject) => {
    watching = new Watching(options, { resolve, reject });
  });
  return {
    change: () => watching?.take('changed'),
    ask: () => watching?.take('asked'),
    quit: () => watching?.take('quit'),
    ended,
  };
}

interface End {
  resolve(): void;
  reject(error: unknown): void;
}

class Watching {
  readonly #options: WatchOptions;
  readonly #end: End;
  readonly #clock: WatchClock;
  readonly #timer: SettleTimer;
  #state: WatchState = startState;
  #cause: WatchBuild['cause'] = 'asked';
  #building = new AbortController();
  #stopPoll = (): void => undefined;

  constructor(options: WatchOptions, end: End) {
    this.#options = options;
    this.#end = end;
    this.#clock = options.clock ?? processClock;
    this.#timer = new SettleTimer(this.#clock, () => this.take('quiet'));
    this.#build();
  }

  take(input: WatchInput): void {
    const before = this.#state.is;
    const [next, commands] = step(this.#state, input);
    this.#state = next;
    if (input === 'asked' && before !== next.is) this.#cause = 'asked';
    const isStart = next.is === 'stale' || next.is === 'settling' || next.is === 'building';
    if (isStart && (before === 'idle' || (before === 'building' && next.is === 'stale')))
      this.#options.onStart?.();
    for (const command of commands) this.#obey(command);
    if (next.is === 'idle') this.#poll();
  }

  #obey(command: WatchCommand): void {
    switch (command) {
      case 'wait':
        this.#timer.start();
        return;
      case 'build':
        this.#build();
        return;
      case 'abort':
        this.#building.abort(new Error('outdated'));
        return;
      case 'close':
        this.#timer.stop();
        this.#stopPoll();
        this.#end.resolve();
    }
  }

  #build(): void {
    this.#timer.stop();
    this.#stopPoll();
    this.#building = new AbortController();
    const build = { cause: this.#cause, signal: this.#building.signal };
    this.#cause = 'change';
    this.#options.build(build).then(
      () => this.take('ended'),
      (error: unknown) => this.#end.reject(error),
    );
  }

  #poll(): void {
    const wait = this.#options.pollMs?.();
    this.#stopPoll();
    if (wait !== undefined) this.#stopPoll = this.#clock.after(wait, () => this.take('changed'));
  }
}
