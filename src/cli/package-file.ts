/** Files of the package, found from src/cli/ and from the bundled dist/cli.js alike. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Bug } from '../core/diagnostic/bug.ts';

/** The absolute path of a file named relative to the package's root. */
export function packageFile(name: string): string {
  for (const root of ['../', '../../']) {
    if (existsSync(new URL(`${root}package.json`, import.meta.url)))
      return fileURLToPath(new URL(`${root}${name}`, import.meta.url));
  }
  throw new Bug(`the package has no ${name}`);
}
