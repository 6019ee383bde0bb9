/** The schema of a line of `--progress json`, held against what is printed. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv } from 'ajv';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { lineShape } from '../../../src/core/event/line-shape.ts';
import type { WatchEvent } from '../../../src/core/event/watch-event.ts';
import { eventLine } from '../../../src/io/render/json.ts';
import { brokenBuild, cachedBuild, digest, wholeBuild } from '../../io/render/event-stream.ts';
import { rendered } from '../../io/render/render-events.ts';

const schemaFile = resolve(import.meta.dirname, '../../../schema/events.schema.json');
const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as object;
const isLine = new Ajv({ allErrors: true }).compile(schema);

const causes = [{ label: 'copy dist', reason: '1 file changed: server.js' }];

const watched: readonly WatchEvent[] = [
  { type: 'watching', folders: 3, keys: true },
  { type: 'serving', references: ['127.0.0.1:5000/api:latest'] },
  { type: 'rebuild-started' },
  { type: 'build-began' },
  { type: 'build-ended', outdated: false },
  {
    type: 'rebuild-finished',
    outcome: 'rebuilt',
    causes,
    images: [
      { name: 'api', digest },
      { name: 'web', digest, before: digest },
    ],
    cause: 'change',
  },
  { type: 'explained', text: 'copy dist  key 5f1c…\n  changed  server.js\n' },
];

function printed(): Record<string, unknown>[] {
  const built = rendered('json', [...wholeBuild, ...brokenBuild, ...cachedBuild]);
  const text = [built, ...watched.map((event) => eventLine({ at: 1, event }))].join('');
  const lines = text.trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the schema of events', () => {
  test('takes every line that is printed', () => {
    for (const line of printed()) expect([isLine(line), isLine.errors]).toEqual([true, null]);
    expect(printed().filter((line) => !v.is(lineShape, line))).toEqual([]);
  });

  test('knows no event that is never printed', () => {
    const known = [...JSON.stringify(schema).matchAll(/"type":\{"const":"([a-z-]+)"/g)].map(
      ([, type]) => type,
    );
    expect(new Set(printed().map(({ type }) => type))).toEqual(new Set(known));
  });

  test.each([
    [{ at: 1, type: 'never-heard-of' }],
    [{ at: 1, type: 'action-failed', label: 'a' }],
    [{ type: 'action-failed', label: 'a', kind: 'layer' }],
    [{ at: 1, type: 'action-progress', label: 'a', done: -1 }],
    [{ at: 1, type: 'action-failed', label: 'a', kind: 'layer', more: true }],
  ])('refuses %j', (line) => {
    expect(isLine(line)).toBe(false);
  });
});
