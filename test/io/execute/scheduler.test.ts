import { describe, expect, it } from 'vitest';
import { runSteps, type Step } from '../../../src/io/execute/scheduler.ts';

const never = new AbortController().signal;

function step(key: string, needs: string[], run: (signal: AbortSignal) => Promise<void>): Step<string> {
  return { key, needs, run };
}

describe('running steps', () => {
  it('starts a step after all it needs have ended', async () => {
    const log: string[] = [];
    const say = (name: string) => (): Promise<void> => {
      log.push(name);
      return Promise.resolve();
    };
    await runSteps([step('c', ['a', 'b'], say('c')), step('a', [], say('a')), step('b', ['a'], say('b'))], {
      jobs: 4,
      signal: never,
    });
    expect(log).toEqual(['a', 'b', 'c']);
  });

  it('never runs more than `jobs` at once', async () => {
    let running = 0;
    let most = 0;
    const run = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await Promise.resolve();
      await Promise.resolve();
      running -= 1;
    };
    await runSteps(
      Array.from({ length: 20 }, (_, index) => step(String(index), [], run)),
      { jobs: 3, signal: never },
    );
    expect(most).toBe(3);
  });

  it('ends with the first failure, after the steps under way have seen the abort', async () => {
    let aborted = false;
    const waits = (signal: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          aborted = true;
          resolve();
        });
      });
    const steps = [
      step('slow', [], waits),
      step('bad', [], () => Promise.reject(new Error('broken'))),
      step('never', ['bad'], waits),
    ];
    await expect(runSteps(steps, { jobs: 2, signal: never })).rejects.toThrow('broken');
    expect(aborted).toBe(true);
  });

  it('throws the reason of a signal from outside', async () => {
    await expect(
      runSteps([step('a', [], () => Promise.resolve())], {
        jobs: 1,
        signal: AbortSignal.abort(new Error('stop')),
      }),
    ).rejects.toThrow('stop');
  });
});
