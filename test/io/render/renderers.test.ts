/** What each renderer prints for one fixed stream of events; golden, with escape sequences made visible. */
import { describe, expect, test } from 'vitest';
import type { StampedEvent } from '../../../src/core/event/build-event.ts';
import { formatDigest } from '../../../src/io/render/quantity.ts';
import { createVirtualTerminal } from '../../rigs/virtual-terminal.ts';
import { cachedBuild, digest, failedBuild, wholeBuild } from './event-stream.ts';
import { type Look, rendered } from './render-events.ts';

/** The golden of that name; escape sequences are written as `<ESC>`. */
async function golden(name: string, text: string): Promise<void> {
  await expect(text.replaceAll('\u001b', '<ESC>')).toMatchFileSnapshot(`golden/${name}.txt`);
}

/** What a terminal of that width shows in the end. */
function shown(events: readonly StampedEvent[], look: Look = {}): string[] {
  const terminal = createVirtualTerminal({ columns: look.columns ?? 80 });
  terminal.write(rendered('tty', events, look));
  return terminal.shown();
}

describe('plain', () => {
  test('prints one line a change of state', async () => golden('plain', rendered('plain', wholeBuild)));
  test('prints each blob where it is verbose', async () =>
    golden('plain-verbose', rendered('plain', wholeBuild, { detail: 'verbose' })));
  test('says that a step failed', async () => golden('plain-failed', rendered('plain', failedBuild)));
  test('says that there is nothing to do', async () =>
    golden('plain-cached', rendered('plain', cachedBuild)));
  test('moves no cursor and colours nothing but diagnostics', () => {
    const text = rendered('plain', wholeBuild.slice(1), { color: true });
    expect(text).not.toContain('\u001b');
  });
});

describe('tty', () => {
  test.each([80, 20])('redraws in place at %i columns', async (columns) => {
    await golden(`tty-${String(columns)}`, rendered('tty', wholeBuild, { columns }));
  });

  test.each([80, 20])('colours at %i columns', async (columns) => {
    await golden(`tty-${String(columns)}-color`, rendered('tty', wholeBuild, { columns, color: true }));
  });

  test('leaves what has ended, and nothing of what was under way', async () => {
    await golden('tty-left', shown(wholeBuild, { color: true }).join('\n'));
  });

  test('shows every action where it is verbose', async () => {
    await golden('tty-verbose-left', shown(wholeBuild, { detail: 'verbose' }).join('\n'));
  });

  test('clears what was under way when the build ends early', () => {
    expect(shown(wholeBuild.slice(4, 9))).toEqual([
      `  ✓ base node:22-slim             30.2 MB  cached  ${formatDigest(digest)}`,
    ]);
  });

  test('says that there is nothing to do in place of every cached action', () => {
    const lines = shown(cachedBuild);
    expect(lines[0]).toBe('  nothing to do: all 2 cached');
    expect(lines).toHaveLength(2);
  });

  test('never draws more rows than a low terminal has', () => {
    const many = Array.from({ length: 50 }, (_one, at): StampedEvent => {
      const label = `layer ${String(at)}`;
      return { at: at * 100, event: { type: 'action-started', label, kind: 'layer', reason: 'first build' } };
    });
    const text = rendered('tty', many);
    expect(text).toContain('… and 42 more');
    expect(text).not.toMatch(/\u001b\[(1\d|[2-9]\d)A/);
  });

  test('redraws progress no more often than the eye can follow', () => {
    const progress = (at: number): StampedEvent => ({
      at,
      event: { type: 'action-progress', label: 'copy node_modules', done: at },
    });
    const many = Array.from({ length: 1000 }, (_one, at) => progress(100 + at));
    const text = rendered('tty', [...wholeBuild.slice(4, 7), ...many]);
    expect(text.split('\u001b[?7l').length).toBeLessThan(20);
  });
});

describe('json', () => {
  test('prints each event with its time, one a line', () => {
    const lines = rendered('json', wholeBuild).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(
      wholeBuild.map(({ at, event }) => ({ at, ...event })),
    );
  });
});

describe('quiet', () => {
  test('says only what is wrong', () => {
    const error: StampedEvent = {
      at: 1,
      event: { type: 'diagnostic', diagnostic: { code: 'plan/no-layers', severity: 'error', message: 'no' } },
    };
    expect(rendered('quiet', [...wholeBuild, error])).toBe('error[plan/no-layers] no\n');
  });
});
