/**
 * The planner: pure and total. From the recipe's targets, the facts of the snapshot and the settings it makes every
 * action with its key before anything runs: the same JSON for the same arguments on any machine.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { type Outcome, outcomeOf } from '../diagnostic/diagnostic.ts';
import { canonicalJson } from '../digest/canonical-json.ts';
import type { Digest } from '../digest/digest.ts';
import { formatPlatform } from '../oci/platform.ts';
import { formatName } from '../oci/reference.ts';
import { parseNormalizedReference } from '../oci/normalize-reference.ts';
import type { ImageRecipe, Recipe, Target } from '../recipe/recipe.ts';
import { parseBaseReference } from '../recipe/transport-reference.ts';
import { indexKey } from './cache-key.ts';
import { needsOf } from './graph.ts';
import type { SourcedTree } from '../tree/file-tree.ts';
import { imageLabel } from './action-label.ts';
import { type Foundation, foundationKey, foundationOf, scratch } from './foundation.ts';
import { planTarget } from './plan-image.ts';
import type {
  Action,
  IndexAction,
  Plan,
  PlannedImage,
  PlannedOutput,
  PlanSettings,
  PlanTrees,
  PortablePlan,
} from './plan.ts';
import { addError, type LayerMemory, type Planning } from './planning.ts';
import { requestKey, type Snapshot } from './snapshot.ts';

export interface PlanRequest {
  readonly recipe: Pick<Recipe, 'source' | 'places'>;
  /** In an order in which an image stands after those it builds on (expandRecipe gives it). */
  readonly targets: readonly Target[];
  readonly snapshot: Snapshot;
  readonly settings: PlanSettings;
  /** Names of the images that were asked for; the others are made only as far as these stand on them. */
  readonly selected: ReadonlySet<string>;
  /** Layers that were planned before. It decides how long planning takes, and nothing of the plan. */
  readonly memory?: LayerMemory;
}

/** A plan with its trees, or every problem. */
export function makePlan(request: PlanRequest): Outcome<PortablePlan> {
  const problems: Diagnostic[] = [];
  const planning: Planning = { ...request, problems };
  const drawn = drawTargets(planning, request.targets);
  const images = groupByImage(request.targets)
    .filter(([image]) => request.selected.has(image.name))
    .map(([image, targets]) => planImage(image, { targets, drawn }));
  const actions = uniqueActions([...drawn.actions, ...images.flatMap(({ index }) => index ?? [])]);
  const plan: Plan = {
    planVersion: 1,
    settings: request.settings,
    actions: neededActions(
      actions,
      images.map(({ image }) => image),
    ),
    images: images.map(({ image }) => image),
  };
  return outcomeOf(uniqueProblems(problems), () => ({
    plan,
    trees: Object.fromEntries(drawn.trees) as PlanTrees,
  }));
}

/** What is wrong with an image is found once for each of its platforms. */
function uniqueProblems(problems: readonly Diagnostic[]): Diagnostic[] {
  return [...new Map(problems.map((problem) => [canonicalJson(problem), problem])).values()];
}

interface Drawn {
  readonly actions: Action[];
  readonly trees: Map<Digest, SourcedTree>;
  readonly foundations: Map<string, Foundation>;
  /** Keys of the image actions, by foundationKey. */
  readonly imageKeys: Map<string, Digest>;
}

function drawTargets(planning: Planning, targets: readonly Target[]): Drawn {
  const drawn: Drawn = { actions: [], trees: new Map(), foundations: new Map(), imageKeys: new Map() };
  for (const target of targets) {
    const base = baseOf(planning, target, drawn);
    if (base === undefined) continue;
    const label = imageLabel(target, target.image.platforms.length);
    const planned = planTarget(planning, target, { base, label });
    if (planned === undefined) continue;
    drawn.actions.push(...planned.actions);
    for (const [digest, tree] of planned.trees) drawn.trees.set(digest, treeAlone(tree));
    drawn.foundations.set(foundationKey(target.image.name, target), planned.foundation);
    drawn.imageKeys.set(foundationKey(target.image.name, target), planned.image.key);
  }
  return drawn;
}

/** The tree and its contents without what else a source says; neither is made before somebody asks. */
function treeAlone(sourced: SourcedTree): SourcedTree {
  return {
    get tree() {
      return sourced.tree;
    },
    get contents() {
      return sourced.contents;
    },
  };
}

/** What the target stands on; undefined where that failed, which has been said already. */
function baseOf(planning: Planning, target: Target, drawn: Drawn): Foundation | undefined {
  const { from } = target.image;
  const parsed = parseBaseReference(from);
  if (!parsed.ok || parsed.value.transport === 'scratch') return scratch;
  if (parsed.value.transport === 'image') {
    const below = drawn.foundations.get(foundationKey(parsed.value.name, target));
    if (below === undefined) addMissingPlatform(planning, target, parsed.value.name);
    return below;
  }
  const base = planning.snapshot.bases[requestKey({ reference: from, platform: target.platform })];
  if (base === undefined) return undefined;
  const { foundation, action } = foundationOf(base, target);
  drawn.actions.push(action);
  return foundation;
}

function addMissingPlatform(planning: Planning, target: Target, name: string): void {
  if (planning.problems.some((problem) => problem.severity === 'error')) return;
  addError(planning, `${target.image.origins['from'] ?? target.image.at}/from`, {
    code: 'plan/platform-missing',
    message: `image \`${name}\` is not made for ${formatPlatform(target.platform)}`,
    help: `add ${formatPlatform(target.platform)} to the platforms of \`${name}\``,
  });
}

function groupByImage(targets: readonly Target[]): [ImageRecipe, Target[]][] {
  const groups = new Map<string, Target[]>();
  for (const target of targets) {
    groups.set(target.image.name, [...(groups.get(target.image.name) ?? []), target]);
  }
  return [...groups.values()].flatMap((group) => (group[0] === undefined ? [] : [[group[0].image, group]]));
}

function planImage(
  recipe: ImageRecipe,
  made: { readonly targets: readonly Target[]; readonly drawn: Drawn },
): { image: PlannedImage; index?: IndexAction } {
  const platforms = made.targets.flatMap((target) => {
    const key = made.drawn.imageKeys.get(foundationKey(recipe.name, target));
    return key === undefined ? [] : [{ platform: target.platform, key }];
  });
  const recipes = made.targets.map(({ image }) => image);
  const index = platforms.length > 1 ? indexAction(recipe, { platforms, recipes }) : undefined;
  const [only] = platforms;
  const image: PlannedImage = {
    name: recipe.name,
    references: referencesOf(recipe),
    key: index?.key ?? only?.key ?? indexKey({ format: 'oci', images: [], annotations: {} }),
    platforms,
    outputs: recipe.outputs.flatMap((_, position) => outputsAt(position, made.targets)),
    runtime: recipe.runtime,
  };
  return index === undefined ? { image } : { image, index };
}

/** One output of the recipe: for the whole image, or for each platform where it names the platform. */
function outputsAt(position: number, targets: readonly Target[]): PlannedOutput[] {
  const outputs = targets.map(({ image, platform }) => ({
    destination: image.outputs[position] ?? '',
    cause: `${image.origins['outputs'] ?? image.at}/outputs/${String(position)}`,
    platform,
  }));
  const isShared = new Set(outputs.map(({ destination }) => destination)).size === 1;
  return isShared ? outputs.slice(0, 1).map(({ destination, cause }) => ({ destination, cause })) : outputs;
}

/** Annotations that name the platform are its manifest's alone. */
function indexAction(
  recipe: ImageRecipe,
  { platforms, recipes }: { platforms: PlannedImage['platforms']; recipes: readonly ImageRecipe[] },
): IndexAction {
  const shared = Object.entries(recipe.annotations).filter(([name, value]) =>
    recipes.every((one) => one.annotations[name] === value),
  );
  const { format } = recipe;
  const inputs = { format, images: platforms, annotations: Object.fromEntries(shared) };
  return { kind: 'index', label: `index ${recipe.name}`, key: indexKey(inputs), cause: recipe.at, ...inputs };
}

/** The image's name with each tag of the recipe; without tags the one written in `image:`, else `latest`. */
function referencesOf(recipe: ImageRecipe): string[] {
  const parsed = recipe.reference === undefined ? undefined : parseNormalizedReference(recipe.reference);
  if (parsed?.ok !== true) return [];
  const tags = recipe.tags.length > 0 ? recipe.tags : [parsed.reference.tag ?? 'latest'];
  return tags.map((tag) => `${formatName(parsed.reference)}:${tag}`);
}

function uniqueActions(actions: readonly Action[]): Action[] {
  const unique = new Map<Digest, Action>();
  for (const action of actions) if (!unique.has(action.key)) unique.set(action.key, action);
  return [...unique.values()];
}

/** The actions that the asked-for images stand on, in their order. */
function neededActions(actions: readonly Action[], images: readonly PlannedImage[]): Action[] {
  const needed = new Set(images.map(({ key }) => key));
  for (const action of [...actions].reverse()) {
    if (needed.has(action.key)) needsOf(action).forEach((key) => needed.add(key));
  }
  return actions.filter((action) => needed.has(action.key));
}
