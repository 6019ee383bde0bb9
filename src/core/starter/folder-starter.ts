/** A starter for a folder of which nothing is known: its files, as they are, on nothing. */
import { neverCopied, type Starter } from './starter.ts';

export const folderStarter: Starter = {
  project: 'plain folder',
  seen: ['its files'],
  from: 'scratch',
  layers: [{ copy: '.', exclude: neverCopied }],
  before: [],
  warnings: [],
};
