/** Diagnostic codes of the area `init/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const initCodes = {
  'init/recipe-exists': {
    exit: 'usage',
    summary: 'The folder has a recipe already, and nothing is overwritten unasked.',
  },
  'init/bad-package': {
    exit: 'usage',
    summary: 'A package.json cannot be read as JSON, so nothing can be learnt from it.',
  },
  'init/not-built': { summary: 'What the new recipe copies or starts has not been built yet.' },
  'init/not-installed': { summary: 'The new recipe copies node_modules, which is not there yet.' },
  'init/plug-and-play': { summary: 'The project keeps its packages where node alone does not find them.' },
  'init/no-entry': { summary: 'Nothing says how the project is started.' },
  'init/hidden': {
    summary: 'A .dockerignore hides what the new recipe copies, so the recipe does not honour it there.',
  },
} as const satisfies CatalogueArea<'init'>;
