/** Diagnostic codes of the area `source/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const sourceCodes = {
  'source/missing': {
    exit: 'usage',
    summary: 'A file or folder of the context that the recipe names is not there.',
  },
  'source/leaves-context': {
    exit: 'usage',
    summary: 'A source is written, or reached through a link, so that it leaves the context.',
  },
  'source/link-loop': {
    exit: 'usage',
    summary: 'The links on the way to a source lead in a circle.',
  },
  'source/absolute-link': {
    exit: 'usage',
    summary: 'A link points to an absolute path inside the context, which exists on this computer only.',
  },
  'source/special-file': {
    exit: 'usage',
    summary:
      'A FIFO, a socket or a device stands in the context; only files, folders and links can be copied.',
  },
  'source/unreadable': {
    exit: 'resource',
    summary: 'A file or folder of the context cannot be read.',
  },
  'source/changed': {
    exit: 'failed',
    summary: 'A file of the context changed, grew, shrank or vanished while it was read.',
    retryable: true,
  },
  'source/ignored': {
    exit: 'usage',
    summary: 'A line of .dockerignore hides the whole source of a copy.',
  },
  'source/ignore-pattern': {
    exit: 'usage',
    summary: 'A line of .dockerignore is no pattern.',
  },
  'source/nothing-matched': {
    exit: 'usage',
    summary: 'Nothing of a source is left by its include and exclude patterns.',
  },
  'source/secret': {
    exit: 'usage',
    summary: 'A copy holds what looks like a secret, and allowSecrets does not list it.',
  },
  'source/secret-in-dependency': {
    summary: 'Below a node_modules stands what looks like a secret; it is copied.',
  },
  'source/more-of-the-same': {
    exit: 'usage',
    summary: 'More problems of one kind were found in one source than are shown one by one.',
  },
  'source/archive-digest': {
    exit: 'integrity',
    summary: 'An archive does not have the sha256 that the recipe gives.',
  },
  'source/archive-format': {
    exit: 'usage',
    summary: 'What is given as archive is a folder, or bytes of no kind that is read.',
  },
  'source/strip-collision': {
    exit: 'usage',
    summary: 'Two entries of an archive have one path once `strip` has taken components off.',
  },
  'source/not-in-image': {
    exit: 'usage',
    summary: 'A path that is to be taken out of an image is not in it.',
  },
  'source/broken-hardlink': {
    exit: 'untrusted',
    summary: 'A layer of an image holds a hardlink whose file no layer has.',
  },
  'source/bad-reference': {
    exit: 'usage',
    summary: 'What `from` or `image` names is no image reference, or one that cannot be used there.',
  },
  'source/platform-missing': {
    exit: 'usage',
    summary: 'An image does not have the platform that is asked for.',
  },
  'source/bad-image': {
    exit: 'untrusted',
    summary: 'The documents of an image contradict each other or the specification.',
  },
  'source/layer-digest': {
    exit: 'integrity',
    summary: 'A layer of an image does not have the diffID that its config gives.',
  },
  'source/no-commit': {
    exit: 'usage',
    summary: '`created: commit` needs a git repository with a commit, and git itself.',
  },
} as const satisfies CatalogueArea<'source'>;
