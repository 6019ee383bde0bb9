/**
 * The layers of one image on its foundation: those of the recipe in their order, below them that of its `users` and
 * `groups`, and that one again above a layer that brings accounts files of its own.
 */
import type { Digest } from '../digest/digest.ts';
import type { HistoryEntry } from '../oci/image-config.ts';
import { pointerOf } from '../recipe/pointer-of.ts';
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
import type { AccountProblem } from './added-accounts.ts';
import { planUsers } from './plan-users.ts';
import type { Action, LayerInput } from './plan.ts';
import type { PlannedLayer } from './planned-layer.ts';
import { addError, type Planning } from './planning.ts';

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

/** Every layer that can be planned, so that each reports its own problems. */
export function stackLayers(planning: Planning, target: Target, base: Foundation): Stack {
  const { image } = target;
  const created = createdText(planning, target);
  const below = belowOf(target, base);
  const withUsers = usersAdder(planning, target, (stack) => ({ created, below: below(stack) }));
  let stack = withUsers.add({ ...base, actions: [], trees: new Map(), complete: true });
  for (const layer of image.layers) {
    const toPlan = { layer, label: layerLabel(layer), compression: image.compression };
    const planned = planLayer(planning, toPlan, below(stack));
    if (planned === undefined) {
      stack = { ...stack, complete: false };
      continue;
    }
    const { accounts } = stack;
    stack = stackOn(stack, planned, { created, created_by: `layerwright ${layerText(layer)}` });
    if (!sameAccounts(accounts, planned.accounts)) stack = withUsers.add(stack);
  }
  return withUsers.end(stack);
}

interface UsersAdder {
  /** Adds the recipe's users where they are missing, each time with the numbers of the first. */
  add(stack: Stack): Stack;
  /** Says which groups are still nobody's, now that no layer follows. */
  end(stack: Stack): Stack;
}

function usersAdder(
  planning: Planning,
  { image }: Target,
  place: (stack: Stack) => { readonly created: string; readonly below: Below },
): UsersAdder {
  const { users, groups } = image;
  let asked = { users, groups };
  let unjoined: readonly AccountProblem[] = [];
  const hasNone = Object.keys(users).length + Object.keys(groups).length === 0;
  return {
    add: (stack) => {
      if (hasNone) return stack;
      const { created, below } = place(stack);
      const planned = planUsers(planning, { image, asked }, below);
      ({ settled: asked, unjoined } = planned);
      if (planned.layer !== undefined)
        return stackOn(stack, planned.layer, { created, created_by: `layerwright ${usersText(image)}` });
      return { ...stack, accounts: planned.accounts, complete: stack.complete && planned.complete };
    },
    end: (stack) => {
      for (const { path, problem } of unjoined) addError(planning, pointerOf(image, ...path), problem);
      return { ...stack, complete: stack.complete && unjoined.length === 0 };
    },
  };
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
