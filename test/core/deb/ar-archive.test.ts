import { describe, expect, it } from 'vitest';
import { parseDebArchive } from '../../../src/core/deb/ar-archive.ts';
import { ar } from './raw-deb.ts';

const good = [
  ['debian-binary', '2.0\n'],
  ['control.tar.xz', 'abc'],
  ['data.tar.zst', 'defg'],
] as const;
const parse = (bytes: Uint8Array) => parseDebArchive(bytes, 'a.deb');

describe('a .deb', () => {
  it('says where its members are and how they are compressed', () => {
    const bytes = ar(good);
    const { control, data } = parse(bytes);
    const textOf = ({ offset, size }: { offset: number; size: number }) =>
      new TextDecoder().decode(bytes.subarray(offset, offset + size));
    expect([control.compression, textOf(control)]).toEqual(['xz', 'abc']);
    expect([data.compression, textOf(data)]).toEqual(['zst', 'defg']);
  });

  it.each([
    ['.gz', 'gz'],
    ['.bz2', 'bz2'],
    ['', 'none'],
  ])('may have data.tar%s', (ending, compression) => {
    expect(parse(ar([...good.slice(0, 2), [`data.tar${ending}/`, 'x']])).data.compression).toBe(compression);
  });

  it('may have members with an underscore, and others behind', () => {
    const members = [good[0], ['_gpgbuilder', 'x'], good[1], ['_more', ''], good[2], ['later', 'x']] as const;
    expect(parse(ar(members)).data.size).toBe(4);
  });

  it.each([
    ['no ar archive', new TextEncoder().encode('PK\x03\x04 and more'), 'no ar archive'],
    ['nothing', new Uint8Array(), 'no ar archive'],
    ['members in another order', ar([good[0], good[2], good[1]]), 'where its control.tar must be'],
    ['no data', ar(good.slice(0, 2)), '`nothing` where its data.tar must be'],
    ['no debian-binary', ar(good.slice(1)), 'debian-binary is not its first member'],
    ['another format', ar([['debian-binary', '3.0\n'], ...good.slice(1)]), 'other than 2.x'],
    ['another compression', ar([good[0], ['control.tar.lz4', ''], good[2]]), 'control.tar.lz4'],
    ['an end too early', ar(good).subarray(0, -2), 'ends within'],
    ['half a header', ar([...good, ['x', '']]).subarray(0, -20), 'broken ar header'],
  ])('with %s is refused', (_, bytes, found) => {
    expect(() => parse(bytes)).toThrow(found);
  });
});
