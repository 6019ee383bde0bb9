/**
 * The texts of an image's accounts files (passwd(5), group(5), shadow(5), gshadow(5)): of regular files of at most
 * 10 MiB.
 */
import { type ImagePath, joinPath } from './image-path.ts';

export const accountNames = ['passwd', 'group', 'shadow', 'gshadow'] as const;
export type AccountName = (typeof accountNames)[number];

/**
 * In place of the text of a file that is there and was not read: one of more than 10 MiB, a hard link, a device. Nobody
 * is found in it, and nothing is added to it.
 */
export const unreadText = '\uFFFD';

export type AccountTexts = { readonly [Name in AccountName]?: string };

/** Where an accounts file stands in an image. */
export function accountPath(name: AccountName): ImagePath {
  return joinPath('etc' as ImagePath, name as ImagePath);
}

export const accountPaths: readonly ImagePath[] = accountNames.map(accountPath);

/** What is known of each file, without those of which nothing is. */
export function accountTexts(textOf: (name: AccountName) => string | undefined): AccountTexts {
  return Object.fromEntries(
    accountNames.flatMap((name) => {
      const text = textOf(name);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
}

/** The accounts alone of a value that says more. */
export function accountsIn(known: AccountTexts): AccountTexts {
  return accountTexts((name) => known[name]);
}
