/**
 * The bytes of a layer that has everything, under layerFormat 0. A change here without a change of layerFormat breaks
 * every digest that users have written down.
 */
import { describe, expect, it } from 'vitest';
import { layerFormat } from '../../src/core/deflate/layer-format.ts';
import type { TreeEntry } from '../../src/core/tree/file-tree.ts';
import type { ImagePath } from '../../src/core/tree/image-path.ts';
import { textBytes } from '../core/deflate/sample-inputs.ts';
import { fileEntry, none, pack, plain } from '../io/layer/pack-entries.ts';

const at = (path: string): { readonly path: ImagePath } & typeof plain => ({
  ...plain,
  path: path as ImagePath,
});
const contents = { 'etc/hosts': '127.0.0.1 localhost\n', 'usr/bin/ping': 'ELF', large: textBytes(3_000_000) };
const long = `${'long/'.repeat(50)}${'name'.repeat(40)}`;

const entries: TreeEntry[] = [
  { type: 'directory', ...at(''), mode: 0o755 },
  { type: 'opaque', path: 'cache' as ImagePath },
  { type: 'block-device', ...at('dev/disk'), mode: 0o660, gid: 6, major: 8, minor: 0 },
  { type: 'character-device', ...at('dev/null'), mode: 0o666, major: 1, minor: 3 },
  { type: 'directory', ...at('etc'), mode: 0o755 },
  fileEntry('etc/hosts', contents['etc/hosts']),
  { type: 'hardlink', ...at('etc/hosts.also'), target: 'etc/hosts' as ImagePath },
  { ...fileEntry('large', contents.large), uid: 4294967295, gid: 2097152 },
  { ...fileEntry(long, ''), mtime: { seconds: -1, nanoseconds: 5 } },
  { type: 'fifo', ...at('pipe'), mtime: { seconds: 8589934592 } },
  { type: 'removed', path: 'tmp/old' as ImagePath },
  {
    ...fileEntry('usr/bin/ping', 'ELF'),
    mode: 0o4755,
    xattrs: { 'security.capability': 'AQAAAgAgAAAAAAAAAAAAAAAAAAA=' },
  },
  { type: 'symlink', ...at('usr/lib64'), mode: 0o777, target: '/usr/lib' },
  fileEntry('ü', ''),
  fileEntry('\udcfe', ''),
  fileEntry(`${'n'.repeat(120)}\udcff`, ''),
];

describe('golden layers', () => {
  it('have these digests, diffIDs and sizes', async () => {
    const lines = [`layerFormat ${layerFormat}`];
    for (const compression of [none, ...[1, 6, 9].map((level) => ({ type: 'gzip' as const, level }))]) {
      const { layer } = await pack(entries, contents, { compression });
      lines.push(
        `${'level' in compression ? `gzip ${compression.level}` : 'none'} ${layer.digest} ${layer.size}`,
      );
      if (compression === none) lines.push(`diffID ${layer.diffId}`);
    }
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "layerFormat 1
      none sha256:23f1e1bb970699e81f5f422077eff0b765ea7e2b21e62b6809da4f7baab3b2b5 3015680
      diffID sha256:23f1e1bb970699e81f5f422077eff0b765ea7e2b21e62b6809da4f7baab3b2b5
      gzip 1 sha256:93fd4623fdc32bff79b31a794b8cb6b372da0c0ae10203235eb283615b26b024 594285
      gzip 6 sha256:d8f82f41080bf762cafe4deddd624de5989ace3e7f5f212f808144dec0b06eec 520040
      gzip 9 sha256:77d9ada403685e9f84a58065bd7454c850c044ad9d6d83da28216ea36d4cc147 438244"
    `);
  });
});
