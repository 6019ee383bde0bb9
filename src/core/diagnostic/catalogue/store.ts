/** Diagnostic codes of the area `store/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const storeCodes = {
  'store/full': {
    exit: 'resource',
    summary: 'The disk that holds the store is full, or the quota is used up.',
    retryable: true,
  },
  'store/read-only': {
    exit: 'resource',
    summary: 'Something was to be written to a store that is read-only.',
  },
  'store/no-permission': {
    exit: 'resource',
    summary: 'The store, or something in it, may not be read or written by this user.',
  },
  'store/too-many-files': {
    exit: 'resource',
    summary: 'More files were to be open at once than the system allows.',
    retryable: true,
  },
  'store/io': {
    exit: 'resource',
    summary: 'The disk that holds the store, or the path to it, answered with an error.',
  },
  'store/not-ours': {
    exit: 'resource',
    summary: 'The folder that was named as the store belongs to another user or holds something else.',
  },
  'store/blob-mismatch': {
    exit: 'integrity',
    summary: 'Bytes that were to be stored have another digest or size than was expected.',
  },
  'store/blob-corrupt': {
    exit: 'integrity',
    summary: 'A blob in the store no longer has its digest; it was moved to quarantine.',
    retryable: true,
  },
  'store/blob-missing': {
    exit: 'integrity',
    summary: 'A blob that is needed is not in the store.',
    retryable: true,
  },
  'store/blob-too-large': {
    exit: 'untrusted',
    summary: 'A blob that is read as a whole, such as a manifest, is larger than the limit.',
  },
  'store/entry-quarantined': {
    summary: 'A corrupt entry of the store was moved to quarantine and counts as not there.',
  },
} as const satisfies CatalogueArea<'store'>;
