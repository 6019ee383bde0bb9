/** A project whose images could be built, and what lint says of it. */
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { RegistryClient } from '../../src/io/registry/registry-client.ts';
import { createMemoryStore } from '../../src/io/store/memory-store.ts';
import { lintRecipe } from '../../src/lint.ts';
import type { Made } from '../diagnostics/diagnostic-case.ts';
import { inFolder, writeFiles } from '../diagnostics/project-case.ts';

export type ProjectFiles = Readonly<Record<string, string | Uint8Array>>;

/** When every file of the project was written, as far as lint can see. */
export const writtenAt = new Date(Date.UTC(2026, 0, 31, 12, 0, 0));
const home = '/home/alice';

/** `FOLDER` in a file's text is the project's own folder. */
export function lintProject(recipe: readonly string[], files: ProjectFiles = {}): Promise<Made> {
  return inFolder(async (folder) => {
    for (const [name, text] of Object.entries(files)) {
      writeFiles(folder, { [name]: typeof text === 'string' ? text.replaceAll('FOLDER', folder) : text });
      utimesSync(join(folder, name), writtenAt, writtenAt);
    }
    const source = { name: 'oci.config.yaml', text: `${recipe.join('\n')}\n` };
    const request = { source, folder, epoch: 0, expansion: { args: {}, env: {} }, home };
    const registries = new RegistryClient();
    const { signal } = new AbortController();
    const context = { store: createMemoryStore(), registries, signal, emit: () => undefined };
    try {
      const outcome = await lintRecipe(request, context);
      return { diagnostics: outcome.ok ? outcome.value.diagnostics : outcome.diagnostics, source };
    } finally {
      await registries.close();
    }
  });
}
