/** Diagnostic codes of the area `verify/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const verifyCodes = {
  'verify/blob-mismatch': {
    exit: 'integrity',
    summary: 'A blob of an image has another digest or size than its descriptor says.',
  },
  'verify/layer-digest': {
    exit: 'integrity',
    summary: 'A layer decompresses to another tar than the image’s config says.',
  },
  'verify/contradiction': {
    exit: 'integrity',
    summary: 'Documents of one image contradict each other, in the number of layers or the platform.',
  },
  'verify/rebuild-differs': {
    exit: 'integrity',
    summary: 'Building the recipe again gave another image.',
  },
  'verify/builds-differ': {
    exit: 'integrity',
    summary: 'Two builds of one recipe, under circumstances that must not matter, gave two images.',
  },
  'verify/which-image': {
    exit: 'usage',
    summary: 'The recipe makes several images, and nothing says which of them is to be compared.',
  },
  'verify/no-bundle': {
    exit: 'usage',
    summary: 'What was named as a runtime bundle is none.',
  },
  'verify/bundle-changed': {
    exit: 'integrity',
    summary: 'A runtime bundle is not what its image and its config.json say.',
  },
} as const satisfies CatalogueArea<'verify'>;
