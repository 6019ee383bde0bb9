/** Go's archive/tar reads what we write as we do, and never reads anything otherwise than we do without an error of ours. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOfTar, writeHeader } from '../../../src/core/tar/tar-header.ts';
import type { TarEntry } from '../../../src/core/tar/tar-entry.ts';
import type { NodeEntry } from '../../../src/core/tree/file-tree.ts';
import { type ImagePath, parseImagePath } from '../../../src/core/tree/image-path.ts';
import { anyEntry, digest, node } from './any-entry.ts';
import { type GoHeader, hasGo, readByGo } from './go-reader.ts';
import { hostileTars } from './hostile-tars.ts';
import { mutatedTars } from './mutated-tars.ts';
import { padded, readAll, verdict } from './raw-tar.ts';

const flags = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  'character-device': '3',
  'block-device': '4',
  directory: '5',
  fifo: '6',
} as const;

/** An entry as Go shows it; names of folders without their slash, since old tars have none. */
function goHeader(entry: NodeEntry | TarEntry): GoHeader {
  const { seconds, nanoseconds = 0 } = entry.mtime;
  const { mode, uid, gid } = entry;
  return {
    name: entry.path,
    link: entry.type === 'symlink' || entry.type === 'hardlink' ? entry.target : '',
    type: flags[entry.type],
    ...{ mode, uid, gid, seconds, nanoseconds },
    size: entry.type === 'file' ? entry.size : 0,
    major: 'major' in entry ? entry.major : 0,
    minor: 'minor' in entry ? entry.minor : 0,
    xattrs: Object.fromEntries(Object.entries(entry.xattrs ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** What Go read, with what every unpacker does to it: names cleaned, only permission bits of the mode. */
function cleaned(header: GoHeader): GoHeader {
  const clean = (text: string): string => {
    const parsed = parseImagePath(text);
    return parsed.ok ? parsed.path : text;
  };
  const isDevice = header.type === '3' || header.type === '4';
  return {
    ...header,
    name: clean(header.name),
    link: header.type === '1' ? clean(header.link) : header.type === '2' ? header.link : '',
    mode: header.mode & 0o7777,
    major: isDevice ? header.major : 0,
    minor: isDevice ? header.minor : 0,
  };
}

describe.skipIf(!hasGo)('Go archive/tar (skipped where there is no Go)', () => {
  it('reads what we write, every field of any entry', () => {
    const drawn = fc.sample(anyEntry(), { numRuns: 500, seed: 42 });
    const fixed: NodeEntry[] = [
      { ...node, path: 'huge' as ImagePath, type: 'file', size: 8 ** 11, digest },
      { ...node, path: 'half' as ImagePath, type: 'fifo', mtime: { seconds: -1, nanoseconds: 500_000_000 } },
    ];
    // One entry to a tar, since the content of a large file is not there.
    const entries = [...drawn, ...fixed];
    const readings = readByGo(entries.map((entry) => Buffer.concat([writeHeader(entry), endOfTar])));
    expect(readings.map(({ headers }) => headers.map(cleaned))).toEqual(
      entries.map((entry) => [goHeader(entry)]),
    );
  });

  it('reads a folder with its slash and the root as ./', () => {
    const folders: NodeEntry[] = ['', 'a', 'n'.repeat(100)].map((path) => ({
      ...node,
      path: path as ImagePath,
      type: 'directory',
    }));
    const [reading] = readByGo([Buffer.concat([...folders.map((folder) => writeHeader(folder)), endOfTar])]);
    expect(reading?.headers.map(({ name }) => name)).toEqual(['./', 'a/', `${'n'.repeat(100)}/`]);
    expect(reading?.error).toBe('EOF');
  });

  it('agrees with us on every hostile and mutated tar that we read', () => {
    const tars = [...hostileTars.map(({ bytes }) => bytes), ...mutatedTars(2000)];
    const read = tars.filter((bytes) => verdict(() => readAll(bytes)) === 'read');
    expect(read.length).toBeGreaterThan(300);
    const readings = readByGo(read);
    const differing = read.filter((bytes, at) => {
      const ours = readAll(bytes).map(({ entry }) => goHeader(entry));
      const theirs = readings[at];
      return (
        theirs?.error !== 'EOF' ||
        JSON.stringify(sorted(ours)) !== JSON.stringify(sorted(theirs.headers.map(cleaned)))
      );
    });
    expect(differing.map((bytes) => describeTar(bytes, readByGo([bytes])[0]))).toEqual([]);
  });

  it('reads contents of padded entries in a row', () => {
    const file = (path: string): NodeEntry => ({
      ...node,
      path: path as ImagePath,
      type: 'file',
      size: 3,
      digest,
    });
    const [reading] = readByGo([
      Buffer.concat([...['a', 'b'].flatMap((path) => [writeHeader(file(path)), padded('abc')]), endOfTar]),
    ]);
    expect(reading?.headers.map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

function sorted(headers: readonly GoHeader[]): unknown {
  return headers.map((header) => Object.entries(header).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function describeTar(bytes: Uint8Array, theirs: unknown): string {
  return JSON.stringify({ ours: readAll(bytes).map(({ entry }) => goHeader(entry)), theirs });
}
