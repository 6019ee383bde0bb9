/** Pairs of images that differ in one thing, each made by the tools that people make images with. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RawEntry, rawTar } from './raw-tar.ts';

export interface ImagePair {
  /** What the second image differs in. */
  readonly differs: string;
  /** What that does to its files: `+ path`, `- path`, `~ path: aspects`; a folder's time goes with what is in it. */
  readonly files: readonly string[];
  /** Makes both in a folder and says where they are, as skopeo and layerwright name them. */
  readonly make: (folder: string) => readonly [before: string, after: string];
}

const folder = (name: string, more: Partial<RawEntry> = {}): RawEntry => ({
  name,
  type: '5',
  mode: 0o755,
  ...more,
});

/** `pair` makes the bytes those of one pair alone, so that no host has them from another. */
const base = (pair: string): readonly RawEntry[] => [
  folder('./', { mtime: 5 }),
  folder('etc/', { mtime: 6 }),
  { name: 'etc/pair', content: pair, mtime: 7 },
  folder('srv/', { mode: 0o2755, uid: 5, gid: 6, mtime: 8 }),
  { name: 'srv/file', content: 'content of a file', mode: 0o4755, mtime: 9 },
  { name: 'srv/same', type: '1', link: 'srv/file', mode: 0o4755, mtime: 9 },
  { name: 'srv/link', type: '2', link: 'file', mode: 0o777, mtime: 10 },
  folder('opt/', { mtime: 11 }),
  { name: 'opt/hidden', content: 'hidden', mtime: 12 },
  folder('opt/deep/', { mode: 0o700, mtime: 13 }),
  { name: 'opt/deep/kept', content: 'kept', uid: 70_000, mtime: 14 },
];

interface Change {
  readonly differs: string;
  readonly files: readonly string[];
  readonly script: string;
}

/** Made by commands in umoci's unpacked root file system, and packed by it. */
const changes: readonly Change[] = [
  { differs: 'the content of a file', script: 'echo more >> etc/pair', files: ['~ etc/pair: content mtime'] },
  { differs: 'a mode', script: 'chmod 0600 opt/hidden', files: ['~ opt/hidden: mode'] },
  { differs: 'an owner', script: 'chown 12:34 opt/hidden', files: ['~ opt/hidden: owner'] },
  {
    differs: 'the target of a link',
    script: 'ln -sfn ../etc/pair srv/link; chown -h 0:0 srv/link; touch -hd @10 srv/link; touch -d @8 srv',
    files: ['~ srv/link: target'],
  },
  {
    differs: 'an extended attribute',
    script: 'setfattr -n user.note -v seen opt/hidden',
    files: ['~ opt/hidden: xattrs'],
  },
  {
    differs: 'added files',
    script: 'mkdir -m 1777 var; echo new > var/new; ln -s new var/link; mkfifo -m 0600 var/pipe',
    files: ['~ : mtime', '+ var', '+ var/link', '+ var/new', '+ var/pipe'],
  },
  {
    differs: 'removed files, by whiteouts',
    script: 'rm -r opt/deep srv/link',
    files: ['~ opt: mtime', '- opt/deep', '- opt/deep/kept', '~ srv: mtime', '- srv/link'],
  },
  {
    differs: 'types of nodes',
    script: 'rm etc/pair opt/hidden; mkdir etc/pair; ln -s deep opt/hidden',
    files: ['~ etc: mtime', '~ etc/pair: type', '~ opt: mtime', '~ opt/hidden: type'],
  },
  {
    differs: 'the times of a file alone',
    script: 'touch -d @86400 opt/deep/kept',
    files: ['~ opt/deep/kept: mtime'],
  },
  {
    differs: 'a device',
    script: 'mkdir dev; mknod dev/zero c 1 5',
    files: ['~ : mtime', '+ dev', '+ dev/zero'],
  },
];

export const imagePairs: readonly ImagePair[] = [
  ...changes.map(({ differs, script, files }) => ({
    differs,
    files,
    make: (place: string) => changedBy(script, place, differs),
  })),
  {
    differs: 'names of a file',
    files: ['~ srv/file: hardlinks', '~ srv/same: hardlinks'],
    make: hardlinksApart,
  },
  {
    differs: 'a folder made opaque',
    files: ['- opt/deep', '- opt/deep/kept', '- opt/hidden', '+ opt/new'],
    make: opaqueFolder,
  },
  { differs: 'the base', files: ['~ etc/pair: content', '+ etc/release'], make: otherBase },
  { differs: 'the configuration alone', files: [], make: otherConfig },
  { differs: 'the number of layers alone', files: [], make: squashed },
  { differs: 'the order of layers', files: [], make: reordered },
  { differs: 'the compression alone', files: [], make: compressedOtherwise },
  { differs: 'the format, of a docker-archive', files: [], make: dockerArchive },
  { differs: 'nothing', files: [], make: identical },
];

function tool(place: string, command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { cwd: place, stdio: ['ignore', 'ignore', 'pipe'] });
}

/** Each tar a layer, as umoci compresses it. */
function addImage(place: string, tag: string, tars: readonly (readonly RawEntry[])[]): string {
  const image = `images:${tag}`;
  if (tag === 'a') tool(place, 'umoci', 'init', '--layout', 'images');
  tool(place, 'umoci', 'new', '--image', image);
  tars.forEach((entries, at) => {
    writeFileSync(join(place, 'layer.tar'), rawTar(entries));
    const history = [
      '--history.created_by',
      `layer ${String(at)}`,
      '--history.created',
      '2001-02-03T04:05:06Z',
    ];
    tool(place, 'umoci', 'raw', 'add-layer', ...history, '--image', image, 'layer.tar');
  });
  return `oci:${image}`;
}

function changedBy(script: string, place: string, pair: string): [string, string] {
  const before = addImage(place, 'a', [base(pair)]);
  tool(place, 'umoci', 'unpack', '--image', 'images:a', 'bundle');
  tool(join(place, 'bundle/rootfs'), 'sh', '-ec', script);
  tool(place, 'umoci', 'repack', '--image', 'images:b', 'bundle');
  return [before, 'oci:images:b'];
}

function hardlinksApart(place: string): [string, string] {
  const apart = { name: 'srv/same', content: 'content of a file', mode: 0o4755, mtime: 9 };
  const entries = base('hardlinks');
  const others = entries.map((entry) => (entry.name === apart.name ? apart : entry));
  return [addImage(place, 'a', [entries]), addImage(place, 'b', [others])];
}

function opaqueFolder(place: string): [string, string] {
  const lower = base('opaque');
  const opaque = [
    folder('opt/', { mtime: 11 }),
    { name: 'opt/.wh..wh..opq', content: '' },
    { name: 'opt/new', content: 'new', mtime: 20 },
  ];
  return [addImage(place, 'a', [lower]), addImage(place, 'b', [lower, opaque])];
}

function otherConfig(place: string): [string, string] {
  const before = addImage(place, 'a', [base('config')]);
  const settings = (...options: readonly string[]): readonly string[] => options;
  const first = settings(
    '--config.env',
    'A=1',
    '--config.env',
    'B=2',
    '--config.label',
    'kept=1',
    '--config.cmd',
    'x',
  );
  const second = settings(
    ...['--config.env', 'B=3', '--config.env', 'C=4', '--config.label', 'new=2', '--config.user', '1000:50'],
    ...['--config.workingdir', '/srv', '--config.entrypoint', '/srv/file', '--config.exposedports', '80/tcp'],
    ...['--config.volume', '/opt', '--config.stopsignal', 'SIGINT', '--manifest.annotation', 'note=seen'],
  );
  tool(place, 'umoci', 'config', '--no-history', ...first, '--image', 'images:a');
  tool(place, 'umoci', 'config', '--no-history', ...second, '--image', 'images:a', '--tag', 'b');
  return [before, 'oci:images:b'];
}

function otherBase(place: string): [string, string] {
  const app = [folder('srv/', { mtime: 30 }), { name: 'srv/app', content: 'app', mtime: 31 }];
  const moved = [...base('base moved'), { name: 'etc/release', content: '2', mtime: 32 }];
  return [addImage(place, 'a', [base('base'), app]), addImage(place, 'b', [moved, app])];
}

function squashed(place: string): [string, string] {
  const app = { name: 'srv/app', content: 'app', mtime: 31 };
  const entries = base('squashed');
  return [addImage(place, 'a', [entries, [app]]), addImage(place, 'b', [[...entries, app]])];
}

function reordered(place: string): [string, string] {
  const layers = ['one', 'two'].map((name) => [
    { name: `etc/${name}`, content: `${name} reordered`, mtime: 31 },
  ]);
  const lowest = base('reordered');
  return [addImage(place, 'a', [lowest, ...layers]), addImage(place, 'b', [lowest, ...layers.toReversed()])];
}

function compressedOtherwise(place: string): [string, string] {
  const before = addImage(place, 'a', [base('compression')]);
  tool(place, 'skopeo', 'copy', '--dest-compress-format', 'zstd', before, 'oci:zstd:b');
  return [before, 'oci:zstd:b'];
}

function dockerArchive(place: string): [string, string] {
  const before = addImage(place, 'a', [base('docker'), [{ name: 'srv/app', content: 'app', mtime: 31 }]]);
  tool(place, 'skopeo', 'copy', before, 'docker-archive:b.tar:localhost/b:1');
  return [before, 'docker-archive:b.tar'];
}

function identical(place: string): [string, string] {
  const before = addImage(place, 'a', [base('identical')]);
  mkdirSync(join(place, 'other'));
  tool(place, 'skopeo', 'copy', before, 'oci-archive:other/b.tar:b');
  return [before, 'oci-archive:other/b.tar'];
}
