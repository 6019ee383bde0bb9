/** Differences of two images as people read them: every kind of row, cut and whole, painted and plain. */
import { describe, expect, it } from 'vitest';
import type { ComparedLayer } from '../../../src/core/compare/compare-layers.ts';
import type { ComparedImage, ImageDifferences } from '../../../src/core/compare/diff-images.ts';
import { compareFiles } from '../../../src/core/compare/compare-files.ts';
import { digestOfValue } from '../../../src/core/digest/digest.ts';
import type { TreeEntry } from '../../../src/core/tree/file-tree.ts';
import { mediaTypes } from '../../../src/core/oci/media-type.ts';
import { type DiffPaper, diffText } from '../../../src/io/render/diff-text.ts';
import { file, folder, hardlink, layer, symlink } from '../../core/tree/sample-trees.ts';

const image = (name: string, size: number): ComparedImage => ({
  name,
  platform: 'linux/amd64',
  digest: digestOfValue(name),
  size,
  layers: 5,
  files: 12,
  fileBytes: size * 3,
});

const packed = (position: number, more: Partial<ComparedLayer> = {}): ComparedLayer => ({
  position,
  digest: digestOfValue(['layer', position]),
  diffId: digestOfValue(['diffID', position]),
  size: 1000 * (position + 1),
  mediaType: mediaTypes.layer,
  ...more,
});

const altered = (entry: TreeEntry, more: object): TreeEntry => ({ ...entry, ...more });
const before = layer(
  1,
  file('content', 'one'),
  file('gone', 'x'.repeat(2000)),
  file('mode'),
  file('owner'),
  file('xattrs'),
  file('time'),
  file('link/a', 'same'),
  hardlink('link/b', 'link/a'),
  symlink('target', 'old\u001b[2J'),
  folder('type'),
);
const after = layer(
  1,
  file('content', 'another'),
  altered(file('mode'), { mode: 0o4755, uid: 7 }),
  altered(file('owner'), { gid: 50 }),
  altered(file('xattrs'), { xattrs: { 'user.a': 'AA==' } }),
  altered(file('time'), { mtime: { seconds: 1 } }),
  file('link/a', 'same'),
  file('link/b', 'same'),
  symlink('new', 'content'),
  symlink('target', 'new'),
  file('type', ''),
);

const [blob, manifest] = [mediaTypes.layer, mediaTypes.manifest].map((mediaType, at) => ({
  mediaType,
  digest: digestOfValue(mediaType),
  size: 500_000 + at,
}));

const differences: ImageDifferences = {
  same: false,
  before: image('registry.example/app:1.0', 48_000_000),
  after: image('build', 48_521_334),
  config: [
    { field: 'cmd', before: ['a'], after: ['a', 'b\u0007'] },
    { field: 'env', key: 'PATH', after: `/bin:${'x'.repeat(200)}` },
    { field: 'history', before: [{ comment: 'a' }, {}], after: [{ comment: 'b' }, {}] },
    { field: 'label', key: 'old', before: '' },
    { field: 'port', key: '80/tcp', after: true },
  ],
  manifest: [{ field: 'annotation', key: 'note', before: '1', after: '2' }],
  layers: [
    { change: 'shared', moved: false, before: packed(0), after: packed(0) },
    { change: 'shared', moved: true, before: packed(1), after: packed(2) },
    { change: 'recompressed', moved: false, before: packed(3), after: packed(3, { size: 900 }) },
    { change: 'changed', moved: false, before: packed(4), after: packed(4, { label: 'copy dist' }) },
    { change: 'added', after: packed(5, { createdBy: 'RUN make\u001b[0m' }) },
    { change: 'removed', before: packed(6) },
  ],
  files: compareFiles(before, after),
  pull: { bytes: 1_000_001, blobs: [blob, manifest].filter((one) => one !== undefined) },
};

const plain: DiffPaper = { color: false, columns: 100, detail: 'some' };

describe('two images as text', () => {
  it.each(['some', 'all', 'totals'] as const)(
    'are printed as their golden text, %s of them',
    async (detail) => {
      await expect(diffText(differences, { ...plain, detail })).toMatchFileSnapshot(
        `golden/diff-${detail}.txt`,
      );
    },
  );

  it('keep their values within a narrow terminal', () => {
    const text = diffText(differences, { ...plain, columns: 50 });
    const env = text.split('\n').find((line) => line.includes('env PATH'));
    expect(env).toMatch(/^ {2}\+ env PATH +"\/bin:x+…$/);
    expect(env?.length).toBeLessThan(50);
  });

  it('never hold a control character but newlines and our own colours', () => {
    const painted = diffText(differences, { ...plain, color: true, detail: 'all' });
    const ours = new RegExp(`${String.fromCodePoint(0x1b)}\\[\\d*m`, 'g');
    expect(painted.match(ours)).not.toBeNull();
    expect(painted.replaceAll(ours, '').replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('that differ in the writing of their documents alone say so', () => {
    const alike = { ...differences, config: [], manifest: [], layers: [], files: [] };
    expect(diffText(alike, plain)).toContain('\nnothing differs but how the documents are written\n');
    expect(diffText({ ...alike, same: true }, plain)).toContain('\nnothing differs\n');
  });
});
