/** Diagnostic codes of the area `registry/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const registryCodes = {
  'registry/name': {
    exit: 'usage',
    summary: 'The name of a registry or of a credential helper is not one.',
  },
  'registry/unreachable': {
    exit: 'registry',
    retryable: true,
    summary: 'The registry, its token server or a proxy on the way could not be reached or went silent.',
  },
  'registry/certificate': {
    exit: 'registry',
    summary:
      'The certificate of a registry or token server is not trusted, has expired, or names another host.',
  },
  'registry/unavailable': {
    exit: 'registry',
    retryable: true,
    summary: 'The registry kept answering with an error of its own (5xx) or with "too many requests" (429).',
  },
  'registry/not-found': {
    exit: 'registry',
    summary: 'The registry has no such repository, tag, manifest or blob, or does not show it to us.',
  },
  'registry/refused': {
    exit: 'registry',
    summary: 'The registry understood the request and refused it.',
  },
  'registry/unexpected-answer': {
    exit: 'registry',
    summary:
      'The registry or its token server answered with something that the distribution spec does not allow.',
  },
  'registry/interrupted': {
    exit: 'registry',
    retryable: true,
    summary: 'The bytes of a blob kept ending early.',
  },
  'registry/unauthorised': {
    exit: 'unauthorised',
    summary: 'The registry wants credentials, or those that were used do not allow what was asked.',
  },
  'registry/credential-helper': {
    exit: 'unauthorised',
    summary: 'A credential helper is missing, failed, hung, or printed something that is not a credential.',
  },
  'registry/credential-file': {
    exit: 'unauthorised',
    summary: 'A file with credentials cannot be read or is not of the expected form.',
  },
  'registry/conf-file': {
    exit: 'usage',
    summary: 'A registries.conf cannot be read or is not of the expected form.',
  },
  'registry/blocked': {
    exit: 'policy',
    summary: 'A registries.conf forbids to read from there.',
  },
  'registry/mirror': {
    summary: 'A mirror of registries.conf could not be used; the next place is asked.',
  },
  'registry/realm-refused': {
    exit: 'untrusted',
    summary:
      'The registry named a token server that must not be asked, or the token server redirected the request.',
  },
  'registry/redirect-refused': {
    exit: 'untrusted',
    summary: 'The registry sent a request to an address that it must not go to.',
  },
  'registry/too-many-redirects': {
    exit: 'registry',
    summary: 'A request was redirected more often than the limit allows.',
  },
  'registry/untrusted-manifest': {
    exit: 'untrusted',
    summary: 'What the registry calls a manifest, or said of it, is ambiguous, oversized or malformed.',
  },
  'registry/bad-list': {
    exit: 'untrusted',
    summary: 'A list from the registry is malformed, endless, or goes on at another address.',
  },
  'registry/schema1': {
    exit: 'failed',
    summary: 'The image is in the retired schema 1 format, which has no verifiable layers.',
  },
  'registry/differs': {
    exit: 'integrity',
    summary: 'Bytes or a digest from the registry are not those that were asked for.',
  },
  'registry/offline': {
    exit: 'registry',
    summary: 'A registry would have to be asked, and --offline forbids it.',
  },
  'registry/waiting': {
    summary: 'The registry asked us to wait or failed for the moment; the request is tried again.',
  },
} as const satisfies CatalogueArea<'registry'>;
