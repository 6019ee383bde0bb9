/** Diagnostic codes of the area `command/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const commandCodes = {
  'command/bad-epoch': {
    exit: 'usage',
    summary: 'SOURCE_DATE_EPOCH is not a whole number of seconds since 1970.',
  },
  'command/bad-argument': {
    exit: 'usage',
    summary: 'An argument or flag of the command does not read as what it has to be.',
  },
  'command/no-reference': {
    exit: 'usage',
    summary: 'Something is to be pushed, and nothing says under which name.',
  },
  'command/outputs-collide': {
    exit: 'usage',
    summary: 'Several images are to be delivered to a place that holds one.',
  },
  'command/several-platforms': {
    exit: 'usage',
    summary: 'One platform is needed, and the image has several.',
  },
  'command/no-such-platform': {
    exit: 'usage',
    summary: 'The image has no manifest for the platform that was asked for.',
  },
  'command/new-index': {
    summary:
      'Some platforms were taken out of an index: the image has an index of its own, with another digest.',
  },
  'command/unreadable-file': {
    exit: 'resource',
    summary: 'A file that the command was given cannot be read.',
  },
  'command/unwritable-file': {
    exit: 'resource',
    summary: 'A file that the command was asked to write cannot be written.',
  },
  'command/grew-too-much': {
    exit: 'differs',
    summary: 'An image is larger than the one it was compared with by more than `--max-growth` allows.',
  },
  'command/step-file': {
    summary: 'A file through which a step of GitHub Actions gives outputs or a summary cannot be written.',
  },
  'command/not-ours': {
    exit: 'resource',
    summary: 'A file of that name is there already, and layerwright did not write it; it was not touched.',
  },
  'command/output-in-image': {
    summary: 'A file that a command writes is copied into the image, which is another one the next time.',
  },
  'command/no-recipe': { exit: 'usage', summary: 'No recipe was found, or the file that was named is none.' },
  'command/several-recipes': { exit: 'usage', summary: 'A folder holds two recipes under different names.' },
  'command/recipe-code': {
    exit: 'usage',
    summary: 'A recipe written as code did not load, or gave no recipe.',
  },
  'command/types-not-stripped': {
    exit: 'usage',
    summary: 'A recipe is written in TypeScript, which this Node does not run.',
  },
} as const satisfies CatalogueArea<'command'>;
