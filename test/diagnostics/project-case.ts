/** Small projects for cases: files in a folder of their own and a recipe beside them, planned and executed for real. */
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BuildContext, executeRecipe, planRecipe, type RecipePlan } from '../../src/build.ts';
import { Bug } from '../../src/core/diagnostic/bug.ts';
import type { Outcome } from '../../src/core/diagnostic/diagnostic.ts';
import type { SourceText } from '../../src/core/diagnostic/source-text.ts';
import { RegistryClient } from '../../src/io/registry/registry-client.ts';
import { createMemoryStore } from '../../src/io/store/memory-store.ts';
import type { BlobStore } from '../../src/io/store/store.ts';
import { scratchFolder } from '../rigs/scratch-folder.ts';
import type { Made } from './diagnostic-case.ts';

export interface CaseProject {
  readonly recipe: readonly string[];
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Puts an image into the store and gives its reference, which stands in the recipe as BASE. */
  readonly base?: (blobs: BlobStore) => Promise<string>;
  /** Files that are written between planning and executing; a project without them is only planned. */
  readonly changed?: Readonly<Record<string, string | Uint8Array>>;
}

/** What planning, and executing where that is asked for, says of the project. */
export function projectDiagnostics(project: CaseProject): Promise<Made> {
  return inProject(project, async ({ planned, source, ...place }) => {
    if (project.changed === undefined) return { diagnostics: diagnosticsOf(planned), source };
    writeFiles(place.folder, project.changed);
    return { diagnostics: diagnosticsOf(await execute(soundPlan(planned), place.context)), source };
  });
}

/** The plan of a project that has no mistake. */
export function planOf(project: CaseProject): Promise<RecipePlan> {
  return inProject(project, ({ planned }) => Promise.resolve(soundPlan(planned)));
}

/** A folder that goes when `use` has ended. */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const scratch = scratchFolder('case');
  try {
    return await use(realpathSync(scratch.path));
  } finally {
    scratch.remove();
  }
}

export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

interface PlannedProject {
  readonly planned: Outcome<RecipePlan>;
  readonly source: SourceText;
  readonly folder: string;
  readonly context: BuildContext;
}

function inProject<T>(project: CaseProject, use: (planned: PlannedProject) => Promise<T>): Promise<T> {
  return inFolder(async (folder) => {
    writeFiles(folder, project.files ?? {});
    const registries = new RegistryClient();
    const { signal } = new AbortController();
    const context = { store: createMemoryStore(), registries, signal, emit: () => undefined };
    try {
      const base = await project.base?.(context.store.blobs);
      const text = `${project.recipe.join('\n')}\n`.replaceAll('BASE', base ?? 'scratch');
      const source = { name: 'oci.config.yaml', text };
      const request = { source, folder, epoch: 0, expansion: { args: {}, env: {} } };
      return await use({ planned: await planRecipe(request, context), source, folder, context });
    } finally {
      await registries.close();
    }
  });
}

function soundPlan(planned: Outcome<RecipePlan>): RecipePlan {
  if (planned.ok) return planned.value;
  throw new Bug('the project of this case has a mistake before its own');
}

function execute(plan: RecipePlan, context: BuildContext): ReturnType<typeof executeRecipe> {
  return executeRecipe({ ...plan, jobs: 1, ignores: () => false }, context);
}

function diagnosticsOf(outcome: Outcome<unknown>): Made['diagnostics'] {
  return outcome.ok ? outcome.warnings : outcome.diagnostics;
}
