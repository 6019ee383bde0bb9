/**
 * The command `lint`: plans a recipe and looks through what its images would be for what is allowed and seldom meant.
 * Runs nothing, writes nothing; the rules stand in core/lint.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildContext, planRecipe, type RecipePlan, type RecipeRequest } from './build.ts';
import { type Diagnostic, type Outcome, succeed } from './core/diagnostic/diagnostic.ts';
import type { BuildFacts } from './core/lint/build-traces.ts';
import { laidFindings, packageFindings } from './core/lint/development-packages.ts';
import { diagnosticsOf, type FileFinding, type PlacedFinding } from './core/lint/file-finding.ts';
import { imageDiagnostics } from './core/lint/image-rules.ts';
import { isDependency, judgeEntry, judgeFile } from './core/lint/judge-entry.ts';
import { laidPackages, layerPackages } from './core/lint/layer-packages.ts';
import { pinDiagnostics } from './core/lint/pin-rules.ts';
import { secretFinding } from './core/lint/secret-texts.ts';
import { type EntryOrigin, entryOrigins, layerFinder } from './core/plan/entry-origin.ts';
import { expandRecipe } from './core/recipe/expand-recipe.ts';
import { missingRequests } from './core/recipe/lock/check-lock.ts';
import { type PinRequest, pinRequests } from './core/recipe/lock/pin-request.ts';
import { parseRecipe } from './core/recipe/parse-recipe.ts';
import type { SingleLayer, Target } from './core/recipe/recipe.ts';
import { parseBaseReference } from './core/recipe/transport-reference.ts';
import type { ImagePath } from './core/tree/image-path.ts';
import { isAllowedSecret, secretByName } from './io/source/find-secrets.ts';
import { readLockFile } from './io/source/lock-file.ts';
import { type ContentOpener, createContentOpener } from './io/source/open-content.ts';
import { readWritten } from './io/source/written-file.ts';

export interface LintRequest extends RecipeRequest {
  /** The user's home, absolute: no file should name it. */
  readonly home: string;
}

export interface Linted {
  readonly diagnostics: readonly Diagnostic[];
  /** What of it stands for single files, for whoever mends the recipe. */
  readonly findings: readonly PlacedFinding[];
}

/** Every finding, or every problem without which there is a plan. */
export async function lintRecipe(request: LintRequest, context: BuildContext): Promise<Outcome<Linted>> {
  const read = readReferences(request);
  if (!read.ok) return read;
  const { targets, asked, missing } = read.value;
  // What is not pinned is a finding here, and is looked at as it is today.
  const { lock, ...unlocked } = request;
  const locked = missing.length > 0 || lock === undefined ? unlocked : request;
  const planned = await planRecipe(locked, context);
  if (!planned.ok) return planned;
  const findings = await layerFindings(planned.value, targets, { request, context });
  const { recipe } = planned.value;
  return succeed({
    findings,
    diagnostics: [
      ...planned.warnings,
      ...pinDiagnostics({ asked, missing }, recipe),
      ...imagesOf(planned.value, targets).flatMap((image) => imageDiagnostics(image, recipe)),
      ...diagnosticsOf(findings, recipe),
    ],
  });
}

interface ReadRecipe {
  readonly targets: readonly Target[];
  readonly asked: readonly PinRequest[];
  readonly missing: readonly PinRequest[];
}

function readReferences({ source, expansion, lock }: LintRequest): Outcome<ReadRecipe> {
  const parsed = parseRecipe(source);
  if (!parsed.ok) return parsed;
  const expanded = expandRecipe(parsed.value, expansion);
  if (!expanded.ok) return expanded;
  const targets = expanded.value;
  const asked = pinRequests(targets);
  const document = lock === undefined ? undefined : readLockFile(lock);
  if (document?.ok === false) return document;
  const missing = missingRequests(document?.value?.lock, { asked, whole: asked });
  return succeed({ targets, asked, missing });
}

function imagesOf({ portable }: RecipePlan, targets: readonly Target[]) {
  const bases = new Set(targets.flatMap(({ image }) => baseName(image.from)));
  return portable.plan.images.flatMap(({ name, platforms }) => {
    const image = targets.find((target) => target.image.name === name)?.image;
    const action = portable.plan.actions.find(({ key }) => key === platforms[0]?.key);
    if (image === undefined || action?.kind !== 'image') return [];
    return [{ image, config: action.config, isBase: bases.has(name) }];
  });
}

function baseName(from: string): string[] {
  const parsed = parseBaseReference(from);
  return parsed.ok && parsed.value.transport === 'image' ? [parsed.value.name] : [];
}

interface Reading {
  readonly contents: ContentOpener;
  readonly contextFolder: string;
  readonly facts: BuildFacts;
  readonly targets: readonly Target[];
}

async function layerFindings(
  { portable, contextFolder }: RecipePlan,
  targets: readonly Target[],
  { request, context }: { readonly request: LintRequest; readonly context: BuildContext },
): Promise<PlacedFinding[]> {
  const contents = createContentOpener({ contextFolder, blobs: context.store.blobs });
  const facts = { folders: namedFolders(contextFolder, request.home), epoch: request.epoch };
  const layerOf = layerFinder(targets);
  const reading: Reading = { contents, contextFolder, facts, targets };
  const findings: PlacedFinding[] = [];
  try {
    for (const action of portable.plan.actions) {
      context.signal.throwIfAborted();
      if (action.kind !== 'layer') continue;
      const origins = [...entryOrigins(action, layerOf(action), (digest) => portable.trees[digest])];
      findings.push(...(await judgeLayer(origins, reading)));
    }
  } finally {
    await contents.close();
  }
  return findings;
}

async function judgeLayer(origins: readonly EntryOrigin[], reading: Reading): Promise<PlacedFinding[]> {
  const findings: PlacedFinding[] = [];
  for (const origin of origins) {
    const { at } = origin;
    for (const finding of await judgeOrigin(origin, reading)) findings.push({ ...finding, at });
  }
  const packages = layerPackages(origins).flatMap(({ present, hiddenLock, manifest, at }) => {
    const texts = { ...textOf(reading, 'hiddenLock', hiddenLock), ...textOf(reading, 'manifest', manifest) };
    return packageFindings({ present, ...texts }).map((finding) => ({ ...finding, at }));
  });
  const laid = laidPackages(origins, itemsOf(reading.targets)).flatMap(({ present, locks, at }) => {
    const lock = locks.map((path) => textOf(reading, 'lock', path).lock).find((text) => text !== undefined);
    return laidFindings(present, lock ?? '').map((finding) => ({ ...finding, at }));
  });
  return [...findings, ...packages, ...laid];
}

async function judgeOrigin(origin: EntryOrigin, reading: Reading): Promise<FileFinding[]> {
  const { entry, source } = origin;
  const seen = judgeEntry(entry, source);
  if (entry.type !== 'file') return seen;
  const file = await readWritten(entry, source, reading);
  const said = file === undefined ? secretNames(entry.path) : judgeFile(file, reading.facts);
  return [...seen, ...said].filter(
    ({ code }) => code !== 'lint/secret' || !isAllowed(origin, reading.targets),
  );
}

/** What a copy would have refused, and an archive or an image brings along. */
function secretNames(path: ImagePath): FileFinding[] {
  const found = isDependency(path) ? undefined : secretByName(path);
  return found === undefined ? [] : [secretFinding(path, `secrets are usually kept in`)];
}

/** What the recipe lists in `allowSecrets` is meant. */
function isAllowed({ source, at }: EntryOrigin, targets: readonly Target[]): boolean {
  const item = itemsOf(targets).find((candidate) => candidate.at === at);
  if (item?.kind !== 'copy' || source?.in !== 'context') return false;
  const folder = item.source.replace(/^(?:\.\/)+|\/+$|^\.$/g, '');
  const path = folder === '' ? source.path : source.path.slice(folder.length + 1);
  return isAllowedSecret(path as ImagePath, item.allowSecrets);
}

function itemsOf(targets: readonly Target[]): SingleLayer[] {
  return targets.flatMap(({ image }) =>
    image.layers.flatMap((layer) => (layer.kind === 'group' ? layer.items : [layer])),
  );
}

function textOf<Name extends string>(
  { contextFolder }: Reading,
  name: Name,
  path: string | undefined,
): Partial<Record<Name, string>> {
  try {
    if (path === undefined) return {};
    return { [name]: readFileSync(join(contextFolder, path), 'utf8') } as Record<Name, string>;
  } catch {
    return {};
  }
}

/** `/`, `/root` and `/app` stand in many files that mean no folder of this computer. */
function namedFolders(...folders: readonly string[]): string[] {
  return folders.filter((folder) => folder.split(/[/\\]/).filter((part) => part !== '').length > 1);
}
