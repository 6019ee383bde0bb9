/** `users:` and `groups:`: what a line of /etc/passwd or /etc/group can hold (passwd(5), group(5)). */
import { quoteText } from '../../diagnostic/escape-text.ts';
import { pointerOf } from '../pointer-of.ts';
import type { ImageRecipe, UserRecipe } from '../recipe.ts';
import { type Check, checkNoNul } from './check.ts';
import { checkAbsolutePath } from './check-path.ts';

export function checkAccounts(check: Check, image: ImageRecipe): void {
  for (const [name, user] of Object.entries(image.users)) {
    const at = (...path: readonly (string | number)[]) => pointerOf(image, 'users', name, ...path);
    checkAccountName(check, name, { at: at(), where: 'key' });
    checkUser(check, at, user);
  }
  for (const name of Object.keys(image.groups))
    checkAccountName(check, name, { at: pointerOf(image, 'groups', name), where: 'key' });
}

function checkUser(
  check: Check,
  at: (...path: readonly (string | number)[]) => string,
  { group, groups, home, shell, comment }: UserRecipe,
): void {
  if (group !== undefined) checkAccountName(check, group, { at: at('group') });
  groups.forEach((name, index) => checkAccountName(check, name, { at: at('groups', index) }));
  if (home !== undefined) checkAbsolutePath(check, at('home'), home);
  if (shell !== undefined) checkAbsolutePath(check, at('shell'), shell);
  for (const [key, text] of Object.entries({ home, shell, comment })) {
    if (text === undefined || !check.isKnown(text)) continue;
    checkNoNul(check, at(key), text);
    if (!/[:\r\n]/.test(text)) continue;
    check.report(at(key), {
      code: 'recipe/bad-value',
      message: `${quoteText(text)} holds a colon or a line break, which ends a field of /etc/passwd`,
      help: 'remove it',
    });
  }
}

/** useradd(8)'s names, with upper case and dots as images have them; a number would be taken for an id. */
function checkAccountName(
  check: Check,
  name: string,
  { at, where }: { readonly at: string; readonly where?: 'key' },
): void {
  if (where === undefined && !check.isKnown(name)) return;
  if (/^[A-Za-z_][A-Za-z0-9_.-]{0,30}[A-Za-z0-9_.$-]?$/.test(name)) return;
  check.report(
    at,
    {
      code: 'recipe/bad-name',
      message: `${quoteText(name)} is no name of a user or group`,
      help: 'write up to 32 letters, digits, `_`, `.` and `-`, the first of them a letter or `_`',
    },
    where,
  );
}
