/**
 * What people see of one scripted build, at several moments and in the end: on terminals of 120, 80 and 40 columns, and
 * where there is none. Golden.
 */
import { describe, expect, test } from 'vitest';
import type { StampedEvent } from '../../../src/core/event/build-event.ts';
import { createRenderer } from '../../../src/io/render/create-renderer.ts';
import type { Renderer, Screen } from '../../../src/io/render/renderer.ts';
import { createVirtualTerminal, type VirtualTerminal } from '../../rigs/virtual-terminal.ts';
import { brokenBuild, cachedBuild, wholeBuild } from './event-stream.ts';
import { files, rendered } from './render-events.ts';

const builds = { whole: wholeBuild, cached: cachedBuild, broken: brokenBuild };

interface Shown {
  readonly terminal: VirtualTerminal;
  readonly renderer: Renderer;
}

function open(columns: number, rows = 24): Shown {
  const terminal = createVirtualTerminal({ columns, rows });
  const screen: Screen = {
    write: (text) => {
      terminal.write(text);
    },
    get columns() {
      return terminal.columns;
    },
    rows,
    isTty: true,
    color: true,
    detail: 'normal',
  };
  return { terminal, renderer: createRenderer('tty', screen, files) };
}

/** The screen after each event that is a moment to look at, and in the end. */
function film(events: readonly StampedEvent[], { terminal, renderer }: Shown): string {
  const frames: string[] = [];
  const look = (title: string): void => {
    frames.push(`=== ${title}\n${terminal.shown().join('\n')}\n`);
  };
  for (const stamped of events) {
    renderer.show(stamped);
    if (stamped.event.type.endsWith('-progress')) look(`after ${String(stamped.at)} ms`);
  }
  renderer.close();
  look('in the end');
  return frames.join('\n');
}

describe('a terminal', () => {
  test.each([120, 80, 40])('of %i columns shows how a build goes', async (columns) => {
    for (const [name, events] of Object.entries(builds)) {
      await expect(film(events, open(columns))).toMatchFileSnapshot(
        `golden/screen-${name}-${String(columns)}.txt`,
      );
    }
  });

  test.each([120, 80, 40, 20, 1])('of %i columns has no redrawn row that is wider', (columns) => {
    const { terminal, renderer } = open(columns);
    for (const stamped of wholeBuild) {
      renderer.show(stamped);
      for (const row of terminal.shown().filter((one) => one.startsWith('  …')))
        expect(row.length).toBeLessThan(columns);
    }
  });

  test('that becomes narrower in between keeps what has ended and nothing of what was drawn', () => {
    const { terminal, renderer } = open(120);
    wholeBuild.forEach((stamped, index) => {
      terminal.resize(120 - index * 3);
      renderer.show(stamped);
    });
    renderer.close();
    const rows = terminal.shown();
    expect(rows.filter((row) => /, \d+ waiting|^ {2}… |of \d+ done/.test(row))).toEqual([]);
    const ended = wholeBuild.filter(
      ({ event }) =>
        event.type === 'download-finished' || (event.type === 'action-finished' && event.kind !== 'image'),
    );
    expect(rows.filter((row) => row.startsWith('  ✓'))).toHaveLength(ended.length);
  });

  test('that is low keeps the lines above what is redrawn', () => {
    const { terminal, renderer } = open(80, 6);
    for (const stamped of wholeBuild) renderer.show(stamped);
    renderer.close();
    const tall = open(80);
    for (const stamped of wholeBuild) tall.renderer.show(stamped);
    tall.renderer.close();
    expect(terminal.shown()).toEqual(tall.terminal.shown());
  });
});

describe('without a terminal', () => {
  test.each([120, 80, 40])('plain lines are the same with %i columns', async (columns) => {
    for (const [name, events] of Object.entries(builds)) {
      const text = rendered('plain', events, { columns });
      await expect(text).toMatchFileSnapshot(`golden/screen-${name}-none.txt`);
    }
  });
});
