/**
 * Users and groups by name, from the passwd and group files that an image brings. Images name users by number
 * (Kubernetes refuses names under runAsNonRoot), so names are looked up when the image is planned.
 */
import { quoteText } from '../diagnostic/escape-text.ts';
import { suggest } from '../diagnostic/suggest.ts';
import type { ImageRecipe } from '../recipe/recipe.ts';
import type { AccountTexts } from '../tree/account-texts.ts';
import { addError, type Planning } from './planning.ts';

/** What is known of the accounts of an image as it grows. */
export type Accounts = AccountTexts;

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

const greatestId = 2 ** 32 - 1;

interface Named {
  /** Of the value itself. */
  readonly at: string;
  readonly written: string;
  readonly accounts: Accounts;
}

/** `owner:` of a layer; a lone uid is its own gid, as with `COPY --chown`. */
export function resolveOwner(planning: Planning, named: Named): { owner: Owner } | undefined {
  const ids = resolveIds(planning, named, 'owner');
  return ids === undefined ? undefined : { owner: { uid: ids.uid, gid: ids.gid ?? ids.uid } };
}

/**
 * `user:` of an image, as it is written into the configuration: numbers. A lone number stays one, and so does a user
 * of the recipe with further groups: runtimes look those up only where no group is named.
 */
export function resolveUserText(
  planning: Planning,
  named: { readonly image: ImageRecipe; readonly accounts: Accounts },
): string | undefined {
  const { image, accounts } = named;
  const at = `${image.origins['user'] ?? image.at}/user`;
  const ids = resolveIds(planning, { at, written: image.user ?? '', accounts }, 'user');
  if (ids === undefined) return undefined;
  const [name = ''] = (image.user ?? '').split(':');
  const isMember = image.user === name && (image.users[name]?.groups ?? []).length > 0;
  return ids.gid === undefined || isMember ? String(ids.uid) : `${String(ids.uid)}:${String(ids.gid)}`;
}

function resolveIds(
  planning: Planning,
  named: Named,
  key: 'owner' | 'user',
): { uid: number; gid?: number } | undefined {
  const [user = '', group, ...more] = named.written.split(':');
  const account = more.length > 0 ? undefined : userId(user, named.accounts);
  if (account === undefined) {
    addUnknown(planning, named, { key, unknown: more.length > 0 ? '' : user, list: 'passwd' });
    return undefined;
  }
  if (group === undefined) return account;
  const gid = groupId(group, named.accounts);
  if (gid !== undefined) return { uid: account.uid, gid };
  addUnknown(planning, named, { key, unknown: group, list: 'group' });
  return undefined;
}

function addUnknown(
  planning: Planning,
  named: Named,
  found: { readonly key: 'owner' | 'user'; readonly unknown: string; readonly list: 'passwd' | 'group' },
): void {
  const { key, unknown, list } = found;
  const near = suggest(unknown, namesIn(named.accounts[list]));
  addError(planning, named.at, {
    code: 'plan/unknown-user',
    message: `${quoteText(unknown)} is not in the image’s /etc/${list}`,
    help:
      near === undefined
        ? `add it to \`${list === 'passwd' ? 'users' : 'groups'}\`, or write numbers, e.g. \`${key}: "10001:10001"\``
        : `did you mean \`${near}\`?`,
  });
}

function namesIn(text: string | undefined): string[] {
  return (text ?? '').split('\n').flatMap((line) => /^[A-Za-z_][^:]*(?=:)/.exec(line)?.[0] ?? []);
}

function userId(text: string, accounts: Accounts): { uid: number; gid?: number } | undefined {
  const number = idOf(text);
  if (number !== undefined) return { uid: number };
  const fields = lineOf(accounts.passwd, text);
  const uid = idOf(fields?.[2] ?? '');
  const gid = idOf(fields?.[3] ?? '');
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

function groupId(text: string, accounts: Accounts): number | undefined {
  return idOf(text) ?? idOf(lineOf(accounts.group, text)?.[2] ?? '');
}

/** Digits alone are always an id and never looked up as a name. */
function idOf(text: string): number | undefined {
  if (!/^\d{1,10}$/.test(text)) return undefined;
  const id = Number(text);
  return id <= greatestId ? id : undefined;
}

/** The fields of the first line for a name (passwd(5), group(5)). */
function lineOf(text: string | undefined, name: string): string[] | undefined {
  if (name === '' || /^\d/.test(name)) return undefined;
  const line = text?.split('\n').find((one) => one.startsWith(`${name}:`));
  return line?.split(':');
}
