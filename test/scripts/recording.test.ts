/** The recording of a terminal that README shows: what a screen makes of the bytes, and that the picture is the cast's. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { drawCast, readCast } from '../../scripts/recording/draw-cast.mjs';
import { Screen } from '../../scripts/recording/screen.mjs';

const images = resolve(import.meta.dirname, '../../docs/images');
const cast = readFileSync(join(images, 'first-build.cast'), 'utf8');
const picture = readFileSync(join(images, 'first-build.svg'), 'utf8');

function shown(...texts: readonly string[]): readonly string[] {
  const screen = new Screen(10, 3);
  for (const text of texts) screen.write(text);
  return screen.rows().map((runs) => runs.map(({ text }) => text).join(''));
}

describe('a screen', () => {
  test('moves, erases and writes over', () => {
    expect(shown('one\r\ntwo\r\n', '\u001b[2A\u001b[0Jx', '\ry')).toEqual(['y']);
    expect(shown('abc\u001b[2G\u001b[0Kd')).toEqual(['ad']);
    expect(shown('a\r\n', '\u001b[?7l b\u001b[?7h')).toEqual(['a', ' b']);
  });

  test('wraps what is wider, and shows what came last', () => {
    expect(shown('0123456789ab')).toEqual(['0123456789', 'ab']);
    expect(shown('1\r\n2\r\n3\r\n4')).toEqual(['2', '3', '4']);
  });

  test('keeps colours apart', () => {
    const screen = new Screen(10, 3);
    screen.write('\u001b[1;31mred\u001b[0m plain');
    expect(screen.rows()).toEqual([
      [
        { text: 'red', style: '1;31' },
        { text: ' plain', style: '' },
      ],
    ]);
  });
});

describe('the picture', () => {
  test('is what the cast draws, and small', () => {
    const title = /<title>(?<title>.*)<\/title>/.exec(picture)?.groups?.['title'] ?? '';
    expect(drawCast(readCast(cast), title)).toBe(picture);
    expect(picture.length).toBeLessThan(200_000);
  });

  test('shows the commands of README and what they end in', () => {
    const text = readCast(cast)
      .events.map(([, written]) => written)
      .join('');
    for (const line of [
      'npx layerwright init',
      'npx layerwright build -o oci:out',
      'npx layerwright run oci:out',
    ])
      expect(text).toContain(line);
    expect(text).toMatch(/nothing to do/);
    expect(text).toMatch(/localhost\/hello:latest@sha256:[0-9a-f]{64}\r\n/);
    expect(text).toContain('Hello from Node v22.');
  });

  test('loads nothing, runs nothing, and stands still for whoever asks for that', () => {
    expect(picture).not.toMatch(/<script|\bhttps?:(?!\/\/www\.w3\.org\/2000\/svg)|url\(|@import|\son\w+=/);
    expect(picture).toContain('@media(prefers-reduced-motion:reduce)');
  });
});
