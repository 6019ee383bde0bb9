/** Packages indexes for tests: only what a test speaks of is written, the rest is made up. */
import { parsePackages, type PackagesIndex } from '../../../src/core/deb/packages-index.ts';

export type Fields = Readonly<Record<string, string>>;

/** `{ Package: 'a', Depends: 'b' }`: version 1, architecture amd64 unless said. */
export function stanza(fields: Fields): string {
  const { Package = '', Version = '1', Architecture = 'amd64' } = fields;
  const all = {
    ...fields,
    Version,
    Architecture,
    Filename: `pool/${Package}_${Version.replace(/^\d+:/, '')}_${Architecture}.deb`,
    Size: '1000',
    SHA256: '0'.repeat(64),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\n`);
  return lines.join('');
}

export function indexOf(list: readonly Fields[], what = 'the index'): PackagesIndex {
  return parsePackages(new TextEncoder().encode(list.map(stanza).join('\n')), what);
}
