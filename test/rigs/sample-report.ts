/** A report of an invented image, as large as asked, with names that would be markup if anything took them for it. */
import type { ImagePackage } from '../../src/core/compare/image-packages.ts';
import type { FoundPackages } from '../../src/core/compare/package-owners.ts';
import { groupByPackage } from '../../src/core/compare/report-packages.ts';
import type { Change, Report, ReportFile } from '../../src/core/compare/report.ts';
import type { TimelineSpan } from '../../src/core/event/timeline.ts';
import { type Digest, digestOf } from '../../src/core/digest/digest.ts';
import type { FileTree, NodeEntry } from '../../src/core/tree/file-tree.ts';
import type { ImagePath } from '../../src/core/tree/image-path.ts';
import { comparePaths } from '../../src/core/tree/image-path.ts';
import { reportFile } from './report-file.ts';

const recipe = `image: ghcr.io/acme/api
from: node:22-slim
workdir: /app
user: "10001"
env:
  NODE_ENV: production
layers:
  - npm: .
    omit: [dev]
  - copy: dist
    to: dist
    exclude: ["**/*.map"]
  - file: /etc/motd
    content: hello
cmd: [node, dist/server.js]
`;

export const hostileName = 'app/dist/</script><img src=x onerror=alert(1)>.js' as ImagePath;

export function sampleReport({ packages = 40, filesEach = 12 } = {}): Report {
  const files = [...baseFiles(), ...packageFiles(packages, filesEach), ...ownFiles()];
  files.sort((a, b) => comparePaths(a.path, b.path));
  const grouped = groupByPackage(files, {
    now: { found: foundPackages(packages, 'now'), tree: treeOf(files) },
    before: { found: foundPackages(packages, 'before'), tree: treeOf(files) },
  });
  return {
    reportVersion: 1,
    writer: '0.1.0',
    image: image('ghcr.io/acme/api:1.4.0', 91_234_567),
    previous: image('ghcr.io/acme/api:1.3.2', 88_100_000),
    pullBytes: 3_540_000,
    recipe: { file: 'oci.config.yaml', text: recipe },
    layers: [
      { label: 'base node:22-slim', digest: named('base'), size: 74_000_000, change: 'same', lines: [2, 2] },
      { label: 'npm', digest: named('npm'), size: 16_800_000, change: 'same', lines: [8, 9] },
      { label: 'copy dist', digest: named('copy'), size: 434_000, change: 'added', lines: [10, 12] },
      { label: 'file /etc/motd', digest: named('motd'), size: 210, change: 'added', lines: [13, 14] },
    ],
    ...grouped,
    fields: [
      { name: 'cmd', change: 'same', before: '["node","dist/server.js"]', now: '["node","dist/server.js"]' },
      { name: 'env NODE_ENV', change: 'same', before: 'production', now: 'production' },
      { name: 'env PORT', change: 'removed', before: '8080' },
      { name: 'label <b>bold</b>', change: 'added', now: '</script><script>alert(1)</script>' },
      { name: 'user', change: 'changed', before: '0', now: '10001:10001' },
    ],
    timeline: {
      duration: 3400,
      spans: [
        span('base node:22-slim', [0, 4], { kind: 'fetch', outcome: 'cached', reason: 'nothing changed' }),
        span('copy dist', [30, 160], {}),
        span('npm', [20, 1930], { reason: 'package-lock.json: +zod 4.6.7' }),
        span('ghcr.io/acme/api', [1940, 1990], { kind: 'image', reason: 'changed: copy dist' }),
        span('ghcr.io/acme/api:1.4.0', [2000, 3400], { kind: 'delivery', outcome: 'delivered', reason: '' }),
      ],
    },
  };
}

/** One of Debian, and of npm one for each folder; two of these are of one name, and one had another version before. */
function foundPackages(count: number, when: 'before' | 'now'): FoundPackages {
  const npm = Array.from({ length: count }, (_one, number): ImagePackage => {
    const name = `package-${String(number).padStart(4, '0')}`;
    const version = number === 5 && when === 'before' ? '1.4.0' : `1.5.${String(number)}`;
    const place = `app/node_modules/${name}`;
    return { kind: 'npm', name: number === 7 ? 'package-0006' : name, version, place };
  });
  const debian: ImagePackage = { kind: 'deb', name: 'bash', version: '5.2.15-2+b7', place: 'amd64' };
  return {
    packages: [debian, ...npm],
    lists: [{ package: 'bash', paths: ['bin/bash' as ImagePath] }],
  };
}

/** Whatever else an entry has, nobody asks for it here. */
function treeOf(files: readonly ReportFile[]): FileTree {
  const metadata = { mode: 0o755, uid: 0, gid: 0, mtime: { seconds: 0 } };
  const entries = files.map(({ path, type, size, target }): NodeEntry =>
    type === 'symlink'
      ? { ...metadata, type, path, target: target ?? '' }
      : { ...metadata, type: 'file', path, size, digest: named(path) },
  );
  return { entries };
}

function image(name: string, size: number): Report['image'] {
  return { name, digest: named(name), platform: 'linux/amd64', size };
}

function named(text: string): Digest {
  return digestOf(new TextEncoder().encode(text));
}

function span(
  name: string,
  [from, to]: readonly [number, number],
  rest: Partial<TimelineSpan>,
): TimelineSpan {
  const common = { kind: 'layer', outcome: 'built', reason: '3 files changed' } as const;
  return { ...common, name, from, to, bytes: (to - from) * 25_000, ...rest };
}

function baseFiles(): ReportFile[] {
  const names = [
    'bin/bash',
    'lib/libc.so.6',
    'lib/libcrypto.so.3',
    'share/zoneinfo/tzdata',
    'local/bin/node',
    'bin/perl',
  ];
  return [
    ...names.map((name, index) => reportFile(`usr/${name}`, { size: 40_000_000 >> index, layer: 0 })),
    reportFile('bin', { type: 'symlink', target: 'usr/bin', layer: 0, mode: 0o777 }),
    reportFile('etc/motd', { size: 286, layer: 0, hiddenBy: 3 }),
    reportFile('etc/motd', { size: 5, layer: 3, change: 'changed', aspects: ['content', 'size'] }),
  ];
}

function packageFiles(packages: number, each: number): ReportFile[] {
  const all: ReportFile[] = [];
  for (let number = 0; number < packages; number += 1) {
    const folder = `app/node_modules/package-${String(number).padStart(4, '0')}`;
    const change: Change = number % 13 === 5 ? 'changed' : number % 17 === 3 ? 'added' : 'same';
    all.push(reportFile(folder, { type: 'directory', layer: 1, mode: 0o755 }));
    for (let index = 0; index < each; index += 1)
      all.push(
        reportFile(`${folder}/lib/module-${String(index)}.js`, {
          size: 300 + ((number * 7919 + index * 104_729) % 30_000),
          layer: 1,
          change,
          ...(change === 'changed' ? { aspects: ['content'] } : {}),
        }),
      );
  }
  return all;
}

function ownFiles(): ReportFile[] {
  const own = (name: string, size: number, change: Change): ReportFile =>
    reportFile(`app/dist/${name}`, { size, layer: 2, change, source: `dist/${name}` });
  return [
    own('server.js', 182_000, 'changed'),
    own('routes.js', 91_000, 'changed'),
    own('db.js', 54_000, 'same'),
    own('metrics.js', 33_000, 'added'),
    reportFile(hostileName, {
      size: 25_000,
      layer: 2,
      change: 'added',
      source: hostileName.slice('app/'.length),
    }),
    reportFile('app/dist/\u202egnp.exe', { size: 1_000, layer: 2, change: 'added' }),
    reportFile('app/dist/legacy.js', { size: 64_000, change: 'removed' }),
  ];
}
