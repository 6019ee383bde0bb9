import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  mostAborted,
  startState,
  step,
  type WatchCommand,
  type WatchInput,
  type WatchState,
} from '../../../src/io/watch/watch-state.ts';

const idle: WatchState = { is: 'idle' };
const settling: WatchState = { is: 'settling', aborted: 1 };
const building: WatchState = { is: 'building', aborted: 1 };
const patient: WatchState = { is: 'building', aborted: mostAborted };
const stale: WatchState = { is: 'stale', aborted: 2, quiet: false };
const quietStale: WatchState = { is: 'stale', aborted: 2, quiet: true };
const waiting: WatchState = { is: 'stopped', waits: true };
const stopped: WatchState = { is: 'stopped', waits: false };

type Row = readonly [from: WatchState, input: WatchInput, to: WatchState, commands: readonly WatchCommand[]];

const table: readonly Row[] = [
  [idle, 'changed', { is: 'settling', aborted: 0 }, ['wait']],
  [idle, 'quiet', idle, []],
  [idle, 'asked', { is: 'building', aborted: 0 }, ['build']],
  [idle, 'quit', stopped, ['close']],
  [settling, 'changed', settling, ['wait']],
  [settling, 'quiet', building, ['build']],
  [settling, 'asked', building, ['build']],
  [settling, 'quit', stopped, ['close']],
  [building, 'changed', stale, ['abort', 'wait']],
  [building, 'quiet', building, []],
  [building, 'asked', building, []],
  [building, 'ended', idle, []],
  [building, 'quit', waiting, ['abort']],
  [patient, 'changed', { is: 'stale', aborted: 0, quiet: false }, ['wait']],
  [stale, 'changed', stale, ['wait']],
  [stale, 'quiet', quietStale, []],
  [stale, 'asked', stale, []],
  [stale, 'ended', { is: 'settling', aborted: 2 }, []],
  [stale, 'quit', waiting, ['abort']],
  [quietStale, 'changed', stale, ['wait']],
  [quietStale, 'ended', { is: 'building', aborted: 2 }, ['build']],
  [waiting, 'changed', waiting, []],
  [waiting, 'quiet', waiting, []],
  [waiting, 'asked', waiting, []],
  [waiting, 'quit', waiting, []],
  [waiting, 'ended', stopped, ['close']],
  [stopped, 'changed', stopped, []],
  [stopped, 'asked', stopped, []],
];

const nameOf = (state: WatchState): string => JSON.stringify(state);

describe('the watch machine', () => {
  test.each(table.map((row) => [nameOf(row[0]), row[1], row] as const))(
    '%s on %s',
    (_state, _input, [from, input, to, commands]) => {
      expect(step(from, input)).toEqual([to, commands]);
    },
  );

  it.each([idle, settling])('takes the end of a build that nobody began for a bug of ours', (state) => {
    expect(() => step(state, 'ended')).toThrow(/^Bug: a build ended while the watch was/);
  });
});

/** What an honest driver of the machine sees: a timer, a builder, and what has changed since a build began. */
interface World {
  state: WatchState;
  timer: boolean;
  building: boolean;
  /** Changes that no build has begun after. */
  unbuilt: number;
  aborted: boolean;
  abortedInARow: number;
  closed: number;
}

function begun(): World {
  return {
    state: startState,
    timer: false,
    building: true,
    unbuilt: 0,
    aborted: false,
    abortedInARow: 0,
    closed: 0,
  };
}

function obey(world: World, command: WatchCommand): void {
  switch (command) {
    case 'wait':
      world.timer = true;
      return;
    case 'build':
      expect(world.building, 'two builds at once').toBe(false);
      Object.assign(world, { building: true, unbuilt: 0, aborted: false, timer: false });
      return;
    case 'abort':
      expect(world.building, 'an abort of nothing').toBe(true);
      world.aborted = true;
      return;
    case 'close':
      expect(world.building, 'closed under a build').toBe(false);
      world.closed += 1;
  }
}

function send(world: World, input: WatchInput): void {
  if (input === 'quiet' && !world.timer) return;
  if (input === 'ended' && !world.building) return;
  if (input === 'quiet') world.timer = false;
  if (input === 'changed') world.unbuilt += 1;
  if (input === 'ended') {
    world.building = false;
    world.abortedInARow = world.aborted ? world.abortedInARow + 1 : 0;
  }
  const [state, commands] = step(world.state, input);
  world.state = state;
  for (const command of commands) obey(world, command);
}

const inputs = fc.array(fc.constantFrom<WatchInput>('changed', 'changed', 'quiet', 'ended', 'asked'), {
  maxLength: 200,
});

/** Everything falls silent: the timer rings, builds end. */
function settle(world: World): void {
  for (let turn = 0; turn < 4; turn += 1) {
    send(world, 'quiet');
    send(world, 'ended');
  }
}

describe('the watch machine under any inputs', () => {
  it('never runs two builds at once, never loses a change, and comes to rest', () => {
    fc.assert(
      fc.property(inputs, (events) => {
        const world = begun();
        for (const event of events) send(world, event);
        settle(world);
        expect(world.unbuilt).toBe(0);
        expect(world.building).toBe(false);
        expect(world.state).toEqual(idle);
      }),
      { numRuns: 2000 },
    );
  });

  it('always has a build or a timer under way while something has changed', () => {
    fc.assert(
      fc.property(inputs, (events) => {
        const world = begun();
        for (const event of events) {
          send(world, event);
          if (world.unbuilt > 0) expect(world.building || world.timer).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('gives up no more than three builds in a row', () => {
    fc.assert(
      fc.property(inputs, (events) => {
        const world = begun();
        for (const event of events) {
          send(world, event);
          expect(world.abortedInARow).toBeLessThanOrEqual(mostAborted);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('always quits: it closes once, when the build under way has ended, and builds no more', () => {
    fc.assert(
      fc.property(inputs, inputs, (before, after) => {
        const world = begun();
        for (const event of before) send(world, event);
        send(world, 'quit');
        const wasBuilding = world.building;
        for (const event of after) send(world, event);
        send(world, 'ended');
        expect(world.closed).toBe(1);
        expect(world.building).toBe(false);
        if (wasBuilding) expect(world.aborted).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
