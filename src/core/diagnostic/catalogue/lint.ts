/** Diagnostic codes of the area `lint/`: what is allowed, and seldom meant. docs/lint.md says more of each. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const lintCodes = {
  'lint/root-user': { summary: 'What the image starts runs as root.' },
  'lint/no-command': { summary: 'An image has neither `entrypoint` nor `cmd`, so it starts nothing.' },
  'lint/unpinned-base': {
    summary: 'oci.lock does not say which image a reference stands for, so it may be another one tomorrow.',
  },
  'lint/unpinned-source': {
    summary:
      'Neither the recipe nor oci.lock says which bytes a URL or which Debian packages are meant, so they may be others tomorrow.',
  },
  'lint/latest-base': {
    summary: 'A base has the tag `latest`, or none: the next update may be another major version.',
  },
  'lint/secret': { summary: 'A file or a variable of the image holds what looks like a secret.' },
  'lint/world-writable': { summary: 'Every user in the container may change a file or folder.' },
  'lint/setuid': { summary: 'A program runs as its owner or group, whoever starts it.' },
  'lint/development-package': {
    summary: 'A node_modules holds packages that only the development of the project needs.',
  },
  'lint/leftover': {
    summary: 'A copy takes along what an editor, a cache or a version control left behind.',
  },
  'lint/build-path': {
    summary: 'A file names the folder that it was built in, so that it is another one elsewhere.',
  },
  'lint/build-time': {
    summary: 'A file says when it was built, so that it is another one the next time.',
  },
  'lint/archive-time': {
    summary: 'A compressed file holds the time at which it was made, or times of what is in it.',
  },
  'lint/bytecode-time': {
    summary: 'Compiled Python holds the time of its source, which a checkout changes.',
  },
} as const satisfies CatalogueArea<'lint'>;
