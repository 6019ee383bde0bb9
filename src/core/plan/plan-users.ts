/**
 * The recipe's `users` and `groups` as a layer of an image: the accounts files with lines appended, and the home folders
 * that are not there yet. It is planned below the recipe's other layers, and again above one that brings accounts files
 * of its own; where the image has all of it already, there is no layer.
 */
import { pointerOf } from '../recipe/pointer-of.ts';
import type { GroupLayer, ImageRecipe, SingleLayer } from '../recipe/recipe.ts';
import {
  accountNames,
  accountPath,
  type AccountName,
  type AccountTexts,
  unreadText,
} from '../tree/account-texts.ts';
import { parseImagePath } from '../tree/image-path.ts';
import { parseGroup } from '../oci/passwd-file.ts';
import {
  type AccountProblem,
  type AddedAccounts,
  addAccounts,
  type AskedAccounts,
  type Home,
} from './added-accounts.ts';
import type { Below } from './place-item.ts';
import { planLayer } from './plan-layer.ts';
import type { PlannedLayer } from './planned-layer.ts';
import { addError, type Planning } from './planning.ts';

export interface PlannedUsers {
  /** Undefined where the image has them all, and where a problem was added. */
  readonly layer?: PlannedLayer;
  /** Whether no problem was added. */
  readonly complete: boolean;
  /** The image's accounts with them, in spite of any problem: names are then known to the layers above. */
  readonly accounts: AccountTexts;
  /** The accounts with every number chosen, for when they are planned again. */
  readonly settled: AskedAccounts;
  /** Errors unless a layer above brings accounts, with which the users are planned again. */
  readonly unjoined: readonly AccountProblem[];
}

export const usersLabel = 'users';

export function planUsers(
  planning: Planning,
  { image, asked }: { readonly image: ImageRecipe; readonly asked: AskedAccounts },
  below: Below,
): PlannedUsers {
  const errors = planning.problems.length;
  const at = pointerOf(image, Object.keys(image.users).length > 0 ? 'users' : 'groups');
  if (!areWritable(planning, at, below))
    return { complete: false, accounts: below.accounts, settled: asked, unjoined: [] };
  const added = addAccounts(below.accounts, asked, (path, problem) => {
    addError(planning, pointerOf(image, ...path), problem);
  });
  const { settled, texts, unjoined } = added;
  const planned = { accounts: { ...below.accounts, ...texts }, settled, unjoined };
  if (planning.problems.length > errors) return { complete: false, ...planned };
  const items = [
    ...fileItems(texts, { at, group: planned.accounts.group }),
    ...homeItems(image, added, below),
  ];
  if (items.length === 0) return { complete: true, ...planned };
  const group: GroupLayer = { kind: 'group', at, items };
  const layer = planLayer(
    planning,
    { layer: group, label: usersLabel, compression: image.compression },
    below,
  );
  return { ...(layer === undefined ? {} : { layer }), complete: layer !== undefined, ...planned };
}

/** Lines are appended to files that are known to the byte, and never through a link. */
function areWritable(planning: Planning, at: string, { accounts, view }: Below): boolean {
  const bad = accountNames.find((name) => {
    const path = accountPath(name);
    return view.resolve(path) !== path || accounts[name]?.includes('\uFFFD') === true;
  });
  if (bad === undefined) return true;
  const isLink = view.resolve(accountPath(bad)) !== accountPath(bad);
  const isUnread = accounts[bad] === unreadText;
  const found = isLink ? 'reached through a link' : isUnread ? 'no plain file of up to 10 MiB' : 'not UTF-8';
  addError(planning, at, {
    code: 'plan/accounts-not-text',
    message: `nothing can be added to the image’s /etc/${bad}, which is ${found}`,
    help: 'write `user` and `owner` as numbers, without `users` and `groups`',
  });
  return false;
}

function fileItems(
  texts: AccountTexts,
  { at, group }: { readonly at: string; readonly group: string | undefined },
): SingleLayer[] {
  return accountNames.flatMap((name): SingleLayer[] => {
    const content = texts[name];
    if (content === undefined) return [];
    const file = { kind: 'file', at, path: `/${accountPath(name)}`, content, encoding: 'text' } as const;
    return [{ ...file, ...accessOf(name, group) }];
  });
}

/** Passwords are for root, and for the group `shadow` where the image has one, as Debian has them. */
function accessOf(name: AccountName, group: string | undefined): { owner: string; mode: number } {
  if (name === 'passwd' || name === 'group') return { owner: '0:0', mode: 0o644 };
  const gid = parseGroup(group ?? '').find((one) => one.name === 'shadow')?.gid ?? 0;
  return { owner: `0:${String(gid)}`, mode: 0o640 };
}

function homeItems(image: ImageRecipe, { homes }: AddedAccounts, { view }: Below): SingleLayer[] {
  const missing = new Map<string, Home>();
  for (const home of homes) {
    const parsed = parseImagePath(home.path);
    const path = parsed.ok ? view.resolve(parsed.path) : undefined;
    if (path !== undefined && view.folder(path) === undefined && !missing.has(path)) missing.set(path, home);
  }
  return [...missing.values()].map(({ user, path, uid, gid }) => ({
    kind: 'dir',
    at: pointerOf(image, 'users', user),
    path,
    owner: `${String(uid)}:${String(gid)}`,
    mode: 0o755,
  }));
}
