/** What a file tells of the build that made it, and what it does not. */
import { describe, expect, test } from 'vitest';
import { archiveFinding, pathFinding, timeFinding } from '../../../src/core/lint/build-traces.ts';

const writtenAt = Date.UTC(2026, 0, 31, 12, 0, 0) / 1000;
const facts = { folders: ['/home/alice/api', '/home/alice'], epoch: Date.UTC(2026, 0, 31, 11, 30, 0) / 1000 };

function file(text: string) {
  return { name: 'a', text, writtenAt };
}

describe('a time', () => {
  test.each([
    'built 2026-01-31T11:59:59.123Z',
    '2026-01-31 11:10:00',
    '{"at":1769860790123}',
    'Jan 31 2026 11:59:59',
    'Jan 31 2026\0' + '11:59:59',
    'Sat Jan 31 2026 21:59:59 GMT+1000',
    'Sat, 31 Jan 2026 11:59:59 GMT',
  ])('as in %j is that of the build', (text) => {
    expect(timeFinding(file(text), facts)?.code).toBe('lint/build-time');
  });

  test.each([
    ['an older one', '2025-11-03T11:59:59Z'],
    ['a date alone', 'released 2026-01-31, Jan 31 2026'],
    ['one that is to come', '2026-01-31T12:30:00Z'],
    ['SOURCE_DATE_EPOCH', '2026-01-31T11:30:00Z'],
    ['a number that is longer', '176986079012345'],
    ['no time', '2026-99-99T99:99:99'],
  ])('%s is not', (_what, text) => {
    expect(timeFinding(file(text), facts)).toBeUndefined();
  });
});

describe('a folder', () => {
  test.each(['"/home/alice/api/src/a.ts"', 'file:///home/alice/api', 'x\0/home/alice/.cache\0'])(
    'is named in %j',
    (text) => {
      expect(pathFinding(file(text), facts)?.code).toBe('lint/build-path');
    },
  );

  test.each(['/home/alice-2/api', '/mnt/home/alice', '/home/alicent', 'home/alice'])(
    'is not named in %j',
    (text) => {
      expect(pathFinding(file(text.replace('/mnt', 'mnt')), facts)).toBeUndefined();
    },
  );
});

describe('a compressed file', () => {
  const gzip = (seconds: number): string =>
    `\x1f\x8b\x08\0${[0, 8, 16, 24].map((shift) => String.fromCharCode((seconds >>> shift) & 255)).join('')}\0\x03`;
  /** 2026-01-31 12:00:00 in MS-DOS's form. */
  const zip = `PK\x03\x04${'\0'.repeat(6)}\0\x60\x3f\x5c`;

  test('that was made as it was written holds that time', () => {
    expect(archiveFinding(file(gzip(writtenAt - 5)))?.code).toBe('lint/archive-time');
    expect(archiveFinding(file(zip))?.code).toBe('lint/archive-time');
  });

  test('without a time, or with an old one, is the same each time', () => {
    for (const text of [
      gzip(0),
      gzip(writtenAt - 200_000),
      zip.replace('\x5c', '\x50'),
      'PK',
      '',
      '\x1f\x8b',
    ])
      expect(archiveFinding(file(text))).toBeUndefined();
  });
});
