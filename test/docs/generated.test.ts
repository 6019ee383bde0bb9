import { execFileSync } from 'node:child_process';
import { it } from 'vitest';

it('docs/recipe.md, docs/diagnostics.md and the man page are what the code says', () => {
  execFileSync(process.execPath, ['scripts/generate-docs.mjs'], { cwd: new URL('../../', import.meta.url) });
});
