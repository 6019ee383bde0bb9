/** Diagnostic codes of the area `transport/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const transportCodes = {
  'transport/not-found': { exit: 'usage', summary: 'The layout or archive that was named is not there.' },
  'transport/not-an-image': {
    exit: 'usage',
    summary: 'What was named as a layout or an archive of images is something else.',
  },
  'transport/unknown-tag': { exit: 'usage', summary: 'The layout or archive holds no image of that name.' },
  'transport/ambiguous-image': {
    exit: 'usage',
    summary: 'The layout or archive holds several images, and the reference does not say which is meant.',
  },
  'transport/bad-document': {
    exit: 'untrusted',
    summary:
      'An index, manifest or config is not what the image specification allows, or can be read in two ways.',
  },
  'transport/linked-entry': {
    exit: 'untrusted',
    summary: 'Something in an image layout is a symbolic link or no regular file, and is not followed.',
  },
  'transport/refused-archive': {
    exit: 'untrusted',
    summary:
      'An archive is malformed, or can be read in two ways: two members of one name, documents that contradict each other.',
  },
  'transport/broken-archive': { exit: 'integrity', summary: 'An archive is cut short.' },
  'transport/blob-missing': {
    exit: 'integrity',
    summary: 'A layout or archive lacks a blob that its manifest names.',
  },
  'transport/blob-mismatch': {
    exit: 'integrity',
    summary: 'A blob of a layout or archive has another digest or size than its manifest says.',
  },
  'transport/not-ours': {
    exit: 'resource',
    summary: 'The output exists and is not what would be written there; nothing was touched.',
  },
  'transport/one-platform': {
    exit: 'usage',
    summary: 'A docker-archive holds one platform of an image, and several were to be written.',
  },
  'transport/not-for-docker': {
    exit: 'usage',
    summary: 'A docker-archive cannot hold this image in a way that every docker loads.',
  },
  'transport/no-engine': {
    exit: 'resource',
    summary: 'An image was to be loaded, and neither docker nor podman answers on this computer.',
  },
  'transport/engine-failed': {
    exit: 'failed',
    summary: 'docker or podman did not load the image that it was given.',
  },
  'transport/bad-reference': {
    exit: 'usage',
    summary: 'The name that the image is to have in the archive is no image reference.',
  },
  'transport/full': {
    exit: 'resource',
    summary: 'The disk that the output is written to is full, or the quota is used up.',
    retryable: true,
  },
  'transport/read-only': { exit: 'resource', summary: 'The output stands on a read-only file system.' },
  'transport/no-permission': {
    exit: 'resource',
    summary: 'The layout or archive may not be read, or the output may not be written, by this user.',
  },
  'transport/too-many-files': {
    exit: 'resource',
    summary: 'More files were to be open at once than the system allows.',
    retryable: true,
  },
  'transport/io': {
    exit: 'resource',
    summary: 'The disk that holds a layout or archive, or the path to it, answered with an error.',
  },
} as const satisfies CatalogueArea<'transport'>;
