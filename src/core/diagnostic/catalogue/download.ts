/** Diagnostic codes of the area `download/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const downloadCodes = {
  'download/unreachable': {
    exit: 'registry',
    retryable: true,
    summary: 'The host of a URL, or a proxy on the way, could not be reached or went silent.',
  },
  'download/certificate': {
    exit: 'registry',
    summary: 'The certificate of the host of a URL is not trusted, has expired, or names another host.',
  },
  'download/unavailable': {
    exit: 'registry',
    retryable: true,
    summary:
      'The host of a URL kept answering with an error of its own (5xx) or with "too many requests" (429).',
  },
  'download/not-found': {
    exit: 'registry',
    summary: 'Nothing is at a URL.',
  },
  'download/refused': {
    exit: 'registry',
    summary: 'The host of a URL answered with something that is no file.',
  },
  'download/interrupted': {
    exit: 'registry',
    retryable: true,
    summary: 'The bytes of a download kept ending early, or nothing says where they end.',
  },
  'download/unauthorised': {
    exit: 'unauthorised',
    summary: 'The host of a URL wants credentials, or those that were used do not allow what was asked.',
  },
  'download/redirect-refused': {
    exit: 'untrusted',
    summary: 'A download was sent on to an address that it must not go to.',
  },
  'download/too-many-redirects': {
    exit: 'registry',
    summary: 'A download was redirected more often than the limit allows.',
  },
  'download/plain-http': {
    exit: 'usage',
    summary:
      'A URL is plain http, which is allowed for this computer and for hosts named with --plain-http only.',
  },
  'download/too-large': {
    exit: 'untrusted',
    summary: 'A download is larger than the limit allows.',
  },
  'download/differs': {
    exit: 'integrity',
    summary: 'The bytes at a URL are not those that the recipe or the lock pins.',
  },
  'download/offline': {
    exit: 'registry',
    summary: 'A URL would have to be fetched, and --offline forbids it.',
  },
  'download/waiting': {
    summary: 'The host of a URL asked us to wait or failed for the moment; the request is tried again.',
  },
} as const satisfies CatalogueArea<'download'>;
