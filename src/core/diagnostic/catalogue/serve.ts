/** Diagnostic codes of the area `serve/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const serveCodes = {
  'serve/not-a-layout': {
    exit: 'resource',
    summary: 'The folder that is to be served is no image layout, or holds links in place of folders.',
  },
  'serve/in-use': {
    exit: 'resource',
    summary: 'Another server is at work on the folder; two would not know of one another.',
    retryable: true,
  },
  'serve/cannot-listen': {
    exit: 'resource',
    summary: 'The address that the server was to listen on is taken, not allowed, or not of this computer.',
    retryable: true,
  },
  'serve/bad-account': {
    exit: 'usage',
    summary: 'The accounts of the server are not of the form USER:PASSWORD, one a line.',
  },
  'serve/bad-certificate': {
    exit: 'usage',
    summary: 'The certificate and key of the server do not read as PEM, or do not belong together.',
  },
  'serve/unguarded': {
    summary: 'The server can be reached from other computers, and anybody there may push or read passwords.',
  },
  'serve/image-left-out': {
    summary: 'An image that the layout or the store names cannot be read, and is not served.',
  },
  'serve/request-failed': {
    summary: 'A request was answered with 500, or its answer broken off, since something here failed.',
  },
} as const satisfies CatalogueArea<'serve'>;
