/**
 * The layers of one image on its foundation: those of the recipe in their order, below them that of its `users` and
 * `groups`, and that one again above a layer that brings accounts files of its own.
 */
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import type { Digest } from '../digest/digest.ts';
import type { HistoryEntry } from '../oci/image-config.ts';
import type { Target } from '../recipe/recipe.ts';
import { accountNames } from '../tree/account-texts.ts';
import type { FileTree, SourcedTree } from '../tree/file-tree.ts';
import { type ImagePath, parseImagePath, rootPath } from '../tree/image-path.ts';
import type { Accounts } from './account.ts';
import { layerLabel, layerText, usersText } from './action-label.ts';
import type { FolderView } from './folder-view.ts';
import type { Foundation } from './foundation.ts';
import { filesAfter } from './left-out.ts';
import type { Below } from './place-item.ts';
import { workingFolder } from './plan-config.ts';
import { planLayer } from './plan-layer.ts';
import { planUsers } from './plan-users.ts';
import type { Action, LayerInput } from './plan.ts';
import type { PlannedLayer } from './planned-layer.ts';
import type { Planning } from './planning.ts';

export interface Stack {
  readonly layers: readonly LayerInput[];
  readonly history: readonly HistoryEntry[];
  readonly view: FolderView;
  readonly accounts: Accounts;
  readonly files?: (() => FileTree) | undefined;
  readonly actions: readonly Action[];
  readonly trees: ReadonlyMap<Digest, SourcedTree>;
  /** Whether every layer could be planned. */
  readonly complete: boolean;
}

/**
 * Every layer that can be planned, so that each reports its own problems. Where the recipe's users do not fit below the
 * others (a group that a layer brings), they come above the first layer that brings accounts, if they fit there.
 */
export function stackLayers(planning: Planning, target: Target, base: Foundation): Stack {
  const below = pileUp(planning, target, { base, users: 'below' });
  const above =
    below.fits || !addsAccounts(target) ? undefined : pileUp(planning, target, { base, users: 'above' });
  const { problems, stack } = above?.fits === true ? above : below;
  planning.problems.push(...problems);
  return stack;
}

interface Pile {
  readonly stack: Stack;
  readonly problems: readonly Diagnostic[];
  /** Whether there is no error, and every user has been added. */
  readonly fits: boolean;
}

function pileUp(
  planning: Planning,
  target: Target,
  { base, users }: { readonly base: Foundation; readonly users: 'below' | 'above' },
): Pile {
  const problems: Diagnostic[] = [];
  const stack = layersOn({ ...planning, problems }, target, { base, users });
  const isSound = problems.every(({ severity }) => severity !== 'error');
  return {
    stack,
    problems,
    fits: isSound && (users === 'below' || !sameAccounts(stack.accounts, base.accounts)),
  };
}

function layersOn(
  planning: Planning,
  target: Target,
  { base, users }: { readonly base: Foundation; readonly users: 'below' | 'above' },
): Stack {
  const { image } = target;
  const created = createdText(planning, target);
  const below = belowOf(target, base);
  const withUsers = usersAdder(planning, target, (stack) => ({ created, below: below(stack) }));
  const bare: Stack = { ...base, actions: [], trees: new Map(), complete: true };
  let stack = users === 'below' ? withUsers(bare) : bare;
  for (const layer of image.layers) {
    const toPlan = { layer, label: layerLabel(layer), compression: image.compression };
    const planned = planLayer(planning, toPlan, below(stack));
    if (planned === undefined) {
      stack = { ...stack, complete: false };
      continue;
    }
    const { accounts } = stack;
    stack = stackOn(stack, planned, { created, created_by: `layerwright ${layerText(layer)}` });
    if (!sameAccounts(accounts, planned.accounts)) stack = withUsers(stack);
  }
  return stack;
}

/** Adds the recipe's users where they are missing, each time with the numbers of the first. */
function usersAdder(
  planning: Planning,
  { image }: Target,
  place: (stack: Stack) => { readonly created: string; readonly below: Below },
): (stack: Stack) => Stack {
  const { users, groups } = image;
  let asked = { users, groups };
  if (!addsAccounts({ image })) return (stack) => stack;
  return (stack) => {
    const { created, below } = place(stack);
    const planned = planUsers(planning, { image, asked }, below);
    asked = planned.settled;
    if (planned.layer !== undefined)
      return stackOn(stack, planned.layer, { created, created_by: `layerwright ${usersText(image)}` });
    return { ...stack, accounts: planned.accounts, complete: stack.complete && planned.complete };
  };
}

function addsAccounts({ image: { users, groups } }: Pick<Target, 'image'>): boolean {
  return Object.keys(users).length + Object.keys(groups).length > 0;
}

function belowOf({ image, platform }: Target, base: Foundation): (stack: Stack) => Below {
  const workdir = imagePathOf(workingFolder(image.workdir, base.config.WorkingDir));
  return ({ view, accounts, layers, files }) => ({
    view,
    accounts,
    files,
    isEmpty: layers.length === 0,
    workdir,
    platform,
  });
}

function stackOn(stack: Stack, planned: PlannedLayer, history: HistoryEntry): Stack {
  return {
    ...stack,
    layers: [...stack.layers, { from: 'action', key: planned.action.key }],
    history: [...stack.history, history],
    view: planned.view,
    accounts: planned.accounts,
    files: filesOn(stack, planned),
    actions: [...stack.actions, planned.action],
    trees: new Map([...stack.trees, ...planned.trees]),
  };
}

/** Made when a layer above asks for it. */
function filesOn({ files }: Stack, { action, trees }: PlannedLayer): (() => FileTree) | undefined {
  let made: FileTree | undefined;
  return files === undefined ? undefined : () => (made ??= filesAfter(files(), action, trees));
}

function sameAccounts(one: Accounts, other: Accounts): boolean {
  return accountNames.every((name) => one[name] === other[name]);
}

/** RFC 3339 in UTC, whole seconds: what `created` of the configuration and of each history entry says. */
export function createdText(planning: Planning, target: Target): string {
  const { created } = target.image;
  const { epoch } = planning.settings;
  const seconds =
    created === 'epoch' ? epoch : created === 'commit' ? planning.snapshot.commitTime : created.seconds;
  return new Date((seconds ?? epoch) * 1000).toISOString().replace('.000Z', 'Z');
}

function imagePathOf(folder: string): ImagePath {
  const parsed = parseImagePath(folder);
  return parsed.ok ? parsed.path : rootPath;
}
