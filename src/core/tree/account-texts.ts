/**
 * The texts of an image's accounts files (passwd(5), group(5), shadow(5), gshadow(5)), as far as they are known: regular
 * files of at most 10 MiB.
 */
import { type ImagePath, joinPath } from './image-path.ts';

export const accountNames = ['passwd', 'group', 'shadow', 'gshadow'] as const;
export type AccountName = (typeof accountNames)[number];

export type AccountTexts = { readonly [Name in AccountName]?: string };

/** Where an accounts file stands in an image. */
export function accountPath(name: AccountName): ImagePath {
  return joinPath('etc' as ImagePath, name as ImagePath);
}

export const accountPaths: readonly ImagePath[] = accountNames.map(accountPath);

/**
 * The text of a file that is there and was not read: it is larger, another name of a file, or comes from where nobody
 * looked. The mark of bytes that are no UTF-8, so that nobody adds to it.
 */
export const unreadText = '\uFFFD';

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
