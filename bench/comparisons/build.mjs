/** The whole tree as one layer of a new image, with an empty store. */
import { comparison } from '../bench.mjs';
import { coldBuild } from '../ours.mjs';
import { tarGzip6, tarPigz1, tarPigz6, tarZstd3 } from '../peers/tar.mjs';
import { umociInsert } from '../peers/umoci.mjs';

export const buildComparisons = [
  comparison({
    id: 'build-gzip-6',
    title: 'build, gzip 6',
    ours: coldBuild('gzip-6'),
    theirs: tarPigz6,
    figures: [
      { of: 'wall', by: 'ratio', reach: 0.6, later: 0.5 },
      { of: 'bytes', by: 'ratio', reach: 1 },
    ],
  }),
  comparison({
    id: 'build-gzip-6-umoci',
    title: 'build, gzip 6',
    ours: coldBuild('gzip-6'),
    theirs: umociInsert,
    figures: [
      { of: 'wall', by: 'ratio', reach: 0.65, later: 0.5 },
      { of: 'bytes', by: 'ratio' },
    ],
  }),
  comparison({
    id: 'build-gzip-1',
    title: 'build, gzip 1',
    ours: coldBuild('gzip-1'),
    theirs: tarPigz1,
    figures: [
      { of: 'wall', by: 'ratio', reach: 0.6, later: 0.5 },
      { of: 'bytes', by: 'ratio' },
    ],
  }),
  comparison({
    id: 'build-zstd-3',
    title: 'build, zstd 3',
    ours: coldBuild('zstd-3'),
    theirs: tarZstd3,
    figures: [
      { of: 'wall', by: 'ratio', reach: 1.2, later: 1 },
      { of: 'bytes', by: 'ratio' },
    ],
  }),
  comparison({
    id: 'build-tar-gzip',
    title: 'build, gzip 6',
    ours: coldBuild('gzip-6'),
    theirs: tarGzip6,
    figures: [
      { of: 'wall', by: 'ratio' },
      { of: 'bytes', by: 'ratio' },
    ],
    atMost: 2,
  }),
];
