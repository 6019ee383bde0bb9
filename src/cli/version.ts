/** The package's version, read beside the code: from src/ and from the bundled dist/ alike. */
import { readFileSync } from 'node:fs';

function packageVersion(): string {
  for (const relative of ['../package.json', '../../package.json']) {
    try {
      const parsed = JSON.parse(readFileSync(new URL(relative, import.meta.url), 'utf8')) as {
        name?: string;
        version?: string;
      };
      if (parsed.name === 'layerwright' && parsed.version !== undefined) return parsed.version;
    } catch {
      continue;
    }
  }
  return 'unknown';
}

export const version = packageVersion();
