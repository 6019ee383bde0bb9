/**
 * When to build again. Pure; watch-session.ts keeps the timer and runs the builds.
 *
 *              changed            quiet
 *     ┌──────┐        ┌──────────┐       ┌──────────┐  changed  ┌───────┐
 *     │ idle │───────▶│ settling │──────▶│ building │──────────▶│ stale │
 *     └──────┘        └──────────┘       └──────────┘           └───────┘
 *        ▲                ▲  ended, and more is still changing      │ │
 *        │                └─────────────────────────────────────────┘ │
 *        │ ended                             │ ▲  ended, and all is   │
 *        └───────────────────────────────────┘ └──────────────────────┘ quiet
 *
 *     `asked` builds at once from idle and settling; `quit` leads from everywhere to stopped, which waits for the build
 *     that is under way.
 *
 * A build that is outdated is aborted, but only so often in a row: where something never stops changing, every fourth
 * build comes to its end.
 */
import { Bug } from '../../core/diagnostic/bug.ts';

export type WatchState =
  | { readonly is: 'idle' }
  /** Something changed, and more may be changing yet. */
  | { readonly is: 'settling'; readonly aborted: number }
  /** `aborted` builds before this one did not come to their end. */
  | { readonly is: 'building'; readonly aborted: number }
  /** What is being built is outdated. `quiet`: nothing has changed for a while. */
  | { readonly is: 'stale'; readonly aborted: number; readonly quiet: boolean }
  /** `waits` for a build that is under way. */
  | { readonly is: 'stopped'; readonly waits: boolean };

/**
 * `changed`: something that the last build read. `quiet`: nothing changed since the timer was set. `asked`: somebody
 * wants a build. `ended`: the build has, however it did.
 */
export type WatchInput = 'changed' | 'quiet' | 'asked' | 'ended' | 'quit';

/** `wait` sets the timer anew, `abort` is of the build under way, `close` comes last. */
export type WatchCommand = 'wait' | 'build' | 'abort' | 'close';

type Step = readonly [state: WatchState, commands: readonly WatchCommand[]];

/** The first build is under way. */
export const startState: WatchState = { is: 'building', aborted: 0 };

/** So many builds in a row are given up for being outdated. */
export const mostAborted = 3;

export function step(state: WatchState, input: WatchInput): Step {
  switch (state.is) {
    case 'idle':
      return fromIdle(state, input);
    case 'settling':
      return fromSettling(state, input);
    case 'building':
      return fromBuilding(state, input);
    case 'stale':
      return fromStale(state, input);
    case 'stopped':
      return fromStopped(state, input);
  }
}

function fromIdle(state: WatchState, input: WatchInput): Step {
  switch (input) {
    case 'changed':
      return [{ is: 'settling', aborted: 0 }, ['wait']];
    case 'asked':
      return [{ is: 'building', aborted: 0 }, ['build']];
    case 'quit':
      return [{ is: 'stopped', waits: false }, ['close']];
    case 'quiet':
      return [state, []];
    case 'ended':
      throw notBuilding(state);
  }
}

function fromSettling(state: WatchState & { is: 'settling' }, input: WatchInput): Step {
  switch (input) {
    case 'changed':
      return [state, ['wait']];
    case 'quiet':
    case 'asked':
      return [{ is: 'building', aborted: state.aborted }, ['build']];
    case 'quit':
      return [{ is: 'stopped', waits: false }, ['close']];
    case 'ended':
      throw notBuilding(state);
  }
}

function fromBuilding(state: WatchState & { is: 'building' }, input: WatchInput): Step {
  const { aborted } = state;
  switch (input) {
    case 'changed':
      return aborted < mostAborted
        ? [{ is: 'stale', aborted: aborted + 1, quiet: false }, ['abort', 'wait']]
        : [{ is: 'stale', aborted: 0, quiet: false }, ['wait']];
    case 'ended':
      return [{ is: 'idle' }, []];
    case 'quit':
      return [{ is: 'stopped', waits: true }, ['abort']];
    case 'quiet':
    case 'asked':
      return [state, []];
  }
}

function fromStale(state: WatchState & { is: 'stale' }, input: WatchInput): Step {
  const { aborted, quiet } = state;
  switch (input) {
    case 'changed':
      return [{ ...state, quiet: false }, ['wait']];
    case 'quiet':
      return [{ ...state, quiet: true }, []];
    case 'ended':
      return quiet ? [{ is: 'building', aborted }, ['build']] : [{ is: 'settling', aborted }, []];
    case 'quit':
      return [{ is: 'stopped', waits: true }, ['abort']];
    case 'asked':
      return [state, []];
  }
}

function fromStopped(state: WatchState & { is: 'stopped' }, input: WatchInput): Step {
  if (!state.waits) return [state, []];
  return input === 'ended' ? [{ is: 'stopped', waits: false }, ['close']] : [state, []];
}

function notBuilding({ is }: WatchState): Bug {
  return new Bug(`a build ended while the watch was ${is}`);
}
