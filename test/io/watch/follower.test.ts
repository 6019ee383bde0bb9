import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Follower } from '../../../src/io/watch/follower.ts';
import { scratchFolder, type ScratchFolder } from '../../rigs/scratch-folder.ts';
import { until } from '../../rigs/until.ts';

let scratch: ScratchFolder;
let failures: string[];
let follower: Follower | undefined;
beforeEach(() => {
  scratch = scratchFolder('follower');
  failures = [];
});
afterEach(async () => {
  await follower?.stop();
  scratch.remove();
});

function follow(command: string): Follower {
  follower = new Follower({ command, folder: scratch.path, onFailure: (how) => failures.push(how.message) });
  return follower;
}

const environment = { PATH: process.env['PATH'] };

function read(name: string): string {
  const file = join(scratch.path, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function isRunning(pid: string): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid.trim()}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

describe('a follower', () => {
  it('runs its command in its folder, with the environment of the build', async () => {
    follow('echo "$LAYERWRIGHT_DIGEST" > said').restart({ ...environment, LAYERWRIGHT_DIGEST: 'sha256:1' });
    await until(() => read('said') === 'sha256:1\n');
  });

  it('ends the command before it starts it again, with all that it has started', async () => {
    const one = follow('sleep 1000 & echo $! > child; echo "$RUN" >> runs; wait');
    one.restart({ ...environment, RUN: '1' });
    await until(() => read('child') !== '');
    const child = read('child');
    one.restart({ ...environment, RUN: '2' });
    await until(() => read('runs') === '1\n2\n');
    expect(isRunning(child)).toBe(false);
    await one.stop();
    expect(isRunning(read('child'))).toBe(false);
    expect(failures).toEqual([]);
  });

  it('starts the last of several builds only', async () => {
    const one = follow('echo "$RUN" >> runs; exec sleep 1000');
    one.restart({ ...environment, RUN: '1' });
    await until(() => read('runs') === '1\n');
    for (const run of ['2', '3', '4']) one.restart({ ...environment, RUN: run });
    await until(() => read('runs').includes('4'));
    expect(read('runs')).toBe('1\n4\n');
  });

  it('kills what does not end when it is asked to', async () => {
    const one = follow('trap "" TERM; echo $$ > pid; while :; do sleep 0.1; done');
    one.restart(environment);
    await until(() => read('pid') !== '');
    await one.stop();
    expect(isRunning(read('pid'))).toBe(false);
  });

  it('tells of a command that failed, and of none that it ended itself', async () => {
    follow('exit 3').restart(environment);
    await until(() => failures.length > 0);
    expect(failures).toEqual(['`exit 3` ended with exit code 3']);
  });

  it('starts nothing once it was stopped', async () => {
    const one = follow('echo >> runs');
    one.restart(environment);
    await one.stop();
    const runs = read('runs');
    await one.stop();
    expect(read('runs')).toBe(runs);
  });
});
