import { beforeEach, describe, expect, it } from 'vitest';
import { mostSettleMs, settleMs } from '../../../src/io/watch/settle-timer.ts';
import { startWatch, type WatchBuild, type WatchSession } from '../../../src/io/watch/watch-session.ts';
import { ManualClock } from '../../rigs/manual-clock.ts';

/** Builds that a test ends by hand. */
class Builder {
  readonly begun: WatchBuild[] = [];
  #end: (() => void) | undefined;
  #fail: ((error: Error) => void) | undefined;

  readonly build = (build: WatchBuild): Promise<void> => {
    if (this.#end !== undefined) throw new Error('two builds at once');
    this.begun.push(build);
    return new Promise((resolve, reject) => {
      [this.#end, this.#fail] = [resolve, reject];
    });
  };

  async end(): Promise<void> {
    this.#end?.();
    this.#end = undefined;
    await new Promise(setImmediate);
  }

  async fail(error: Error): Promise<void> {
    this.#fail?.(error);
    await new Promise(setImmediate);
  }

  get last(): WatchBuild {
    return this.begun.at(-1)!;
  }
}

let clock: ManualClock;
let builder: Builder;
let started: number;
let watch: WatchSession;

function start(pollMs?: number): void {
  watch = startWatch({
    build: builder.build,
    clock,
    onStart: () => {
      started += 1;
    },
    pollMs: () => pollMs,
  });
}

beforeEach(() => {
  [clock, builder, started] = [new ManualClock(), new Builder(), 0];
});

describe('a watch', () => {
  it('begins with a build that counts as asked for', () => {
    start();
    expect(builder.begun).toMatchObject([{ cause: 'asked' }]);
    expect(started).toBe(0);
  });

  it('builds once for changes that come in one go, when they have settled', async () => {
    start();
    await builder.end();
    for (let change = 0; change < 10; change += 1) {
      watch.change();
      clock.pass(settleMs - 1);
    }
    expect(builder.begun).toHaveLength(1);
    clock.pass(1);
    expect(builder.begun).toHaveLength(2);
    expect(builder.last).toMatchObject({ cause: 'change', signal: { aborted: false } });
    expect(started).toBe(1);
  });

  it('does not wait for the end of changes that never end', async () => {
    start();
    await builder.end();
    for (let time = 0; time < mostSettleMs; time += settleMs / 2) {
      watch.change();
      clock.pass(settleMs / 2);
    }
    expect(builder.begun).toHaveLength(2);
  });

  it('aborts an outdated build, and begins the next when that has ended', async () => {
    start();
    watch.change();
    expect(builder.last.signal.aborted).toBe(true);
    clock.pass(settleMs);
    expect(builder.begun).toHaveLength(1);
    await builder.end();
    expect(builder.begun).toHaveLength(2);
    expect(builder.last.signal.aborted).toBe(false);
  });

  it('lets the fourth build in a row come to its end although it is outdated', async () => {
    start();
    const aborted: boolean[] = [];
    for (let build = 0; build < 8; build += 1) {
      watch.change();
      aborted.push(builder.last.signal.aborted);
      clock.pass(settleMs);
      await builder.end();
    }
    expect(aborted).toEqual([true, true, true, false, true, true, true, false]);
  });

  it('builds at once when somebody asks, and says that somebody did', async () => {
    start();
    await builder.end();
    watch.ask();
    expect(builder.begun).toHaveLength(2);
    expect(builder.last.cause).toBe('asked');
    await builder.end();
    watch.change();
    clock.pass(settleMs);
    expect(builder.last.cause).toBe('change');
  });

  it('ends at once when nothing is being built, and leaves no timer', async () => {
    start();
    await builder.end();
    watch.change();
    watch.quit();
    await watch.ended;
    expect(clock.waiting).toBe(0);
    clock.pass(1000);
    expect(builder.begun).toHaveLength(1);
  });

  it('ends when the build under way has, which it aborts', async () => {
    start();
    let ended = false;
    const end = watch.ended.then(() => {
      ended = true;
    });
    watch.quit();
    await new Promise(setImmediate);
    expect([builder.last.signal.aborted, ended]).toEqual([true, false]);
    await builder.end();
    await end;
    expect(ended).toBe(true);
  });

  it('rejects with what a build rejects with', async () => {
    start();
    const ended = expect(watch.ended).rejects.toThrow('Bug: no such thing');
    await builder.fail(new Error('Bug: no such thing'));
    await ended;
  });

  it('looks for changes by itself where it is told to, and no longer once it has ended', async () => {
    start(500);
    await builder.end();
    clock.pass(499 + settleMs);
    expect(builder.begun).toHaveLength(1);
    clock.pass(1);
    expect(builder.begun).toHaveLength(2);
    await builder.end();
    watch.quit();
    await watch.ended;
    expect(clock.waiting).toBe(0);
  });
});
