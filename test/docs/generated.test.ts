import { execFileSync } from 'node:child_process';
import { it } from 'vitest';

it('docs/recipe.md and docs/diagnostics.md are what the code says', () => {
  execFileSync(process.execPath, ['scripts/generate-docs.mjs'], { cwd: new URL('../../', import.meta.url) });
});
