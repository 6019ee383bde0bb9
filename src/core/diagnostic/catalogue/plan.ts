/** Diagnostic codes of the area `plan/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const planCodes = {
  'plan/path-claimed-twice': {
    exit: 'usage',
    summary: 'Two sources of one layer put different things at the same path of the image.',
  },
  'plan/file-over-folder': {
    exit: 'usage',
    summary: 'A single file would take the place of a folder of the image and of all that is in it.',
  },
  'plan/hardlink-alone': {
    exit: 'usage',
    summary: 'A hard link names something that is no file of its own layer.',
  },
  'plan/unknown-user': {
    exit: 'usage',
    summary: 'A user or group is named that neither the base image nor an earlier layer knows.',
  },
  'plan/account-clash': {
    exit: 'usage',
    summary: 'A user or group of the recipe is in the image already, as another one or under another name.',
  },
  'plan/accounts-not-text': {
    exit: 'usage',
    summary:
      'Users are to be added to an accounts file of the image that is a link, too large, or not UTF-8.',
  },
  'plan/unknown-variable': {
    exit: 'usage',
    summary: 'An environment value uses a variable that the base image does not set.',
  },
  'plan/nothing-to-remove': {
    summary: 'A `remove` stands on an image that has no lower layer, so there is nothing to remove.',
  },
  'plan/nothing-to-dedupe': {
    summary: 'A `dedupe` stands on an image that has no lower layer, so nothing can be left out.',
  },
  'plan/platform-missing': {
    exit: 'usage',
    summary: 'An image builds on another image of the recipe that is not made for the platform.',
  },
  'plan/healthcheck-is-dockers': {
    summary: 'A healthcheck is an extension of Docker; the OCI image configuration does not know it.',
  },
  'plan/annotations-left-out': {
    summary: 'An image in Docker’s format has annotations in its recipe, which the format cannot hold.',
  },
  'plan/no-layers': {
    exit: 'usage',
    summary: 'An image would have no layers at all, which the image spec does not allow.',
  },
  'plan/unreadable': {
    exit: 'usage',
    summary: 'A file given to --plan is not a plan of a version that this layerwright can execute.',
  },
} as const satisfies CatalogueArea<'plan'>;
