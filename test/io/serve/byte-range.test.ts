import { expect, test } from 'vitest';
import { rangeRequest, receivedRange, sentRange } from '../../../src/io/serve/byte-range.ts';

const part = (start: number, end: number) => ({ kind: 'part', range: { start, end } });
const all = { kind: 'all' };
const beyond = { kind: 'beyond' };

test.each([
  [undefined, 10, all],
  ['bytes=0-3', 10, part(0, 3)],
  ['bytes=4-', 10, part(4, 9)],
  ['bytes=-3', 10, part(7, 9)],
  ['bytes=-30', 10, part(0, 9)],
  ['bytes=9-9', 10, part(9, 9)],
  ['bytes=0-99999999999999999999', 10, part(0, 9)],
  ['bytes=10-', 10, beyond],
  ['bytes=99999999999999999999-', 10, beyond],
  ['bytes=-0', 10, beyond],
  ['bytes=5-2', 10, beyond],
  ['bytes=0-0', 0, beyond],
  ['bytes=-1', 0, beyond],
  // Several ranges, other units and what is no range are left aside (RFC 9110, 14.2).
  ['bytes=0-1,3-4', 10, all],
  ['lines=0-1', 10, all],
  ['bytes=-', 10, all],
  ['bytes=a-b', 10, all],
])('%s of %d bytes', (header, size, expected) => {
  expect(rangeRequest(header, size)).toEqual(expected);
});

test.each([
  ['0-1023', { start: 0, end: 1023 }],
  ['bytes 5-5/6', { start: 5, end: 5 }],
  ['bytes 5-5/*', { start: 5, end: 5 }],
  ['5-4', undefined],
  ['0-', undefined],
  ['1e3-2000', undefined],
  ['0-9999999999999999', undefined],
])('a chunk that is sent as %s', (header, expected) => {
  expect(sentRange(header)).toEqual(expected);
});

test('what has arrived is said by its last byte', () => {
  expect([0, 1, 2].map(receivedRange)).toEqual(['0-0', '0-0', '0-1']);
});
