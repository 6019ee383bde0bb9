/** Diagnostic codes of the area `npm/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const npmCodes = {
  'npm/no-manifest': {
    exit: 'usage',
    summary: 'A folder that is to be laid out as a package of npm has no package.json that could be read.',
  },
  'npm/no-lock': {
    exit: 'usage',
    summary: 'Neither the folder that `npm` names nor one above it in the context has a package-lock.json.',
  },
  'npm/bad-lock': {
    exit: 'usage',
    summary: 'package-lock.json is not what npm writes.',
  },
  'npm/old-lock': {
    exit: 'usage',
    summary: 'package-lock.json is of version 1, which does not say where every package stands.',
  },
  'npm/out-of-step': {
    exit: 'usage',
    summary: 'package.json asks for something else than package-lock.json was made for.',
  },
  'npm/platform': {
    exit: 'usage',
    summary: 'A package that the project cannot do without is not made for the platform of the image.',
  },
  'npm/no-integrity': {
    exit: 'usage',
    summary: 'package-lock.json has no digest for a package, so its tarball could not be verified.',
  },
  'npm/no-tarball': {
    exit: 'usage',
    summary: 'A package comes out of a git repository, or from a place that has no tarball.',
  },
  'npm/no-registry': {
    exit: 'usage',
    summary:
      'The lock leaves out where packages come from; .npmrc and the environment name no registry, and npm is not there to name its own.',
  },
  'npm/integrity': {
    exit: 'integrity',
    summary: 'The tarball of a package does not have the integrity that package-lock.json gives.',
  },
  'npm/install-scripts': {
    summary: 'Packages have install scripts, which are not run.',
  },
} as const satisfies CatalogueArea<'npm'>;
