/** What the reader looks at: one thing for the whole page, told to whoever shows it. */
import type { SizeNode } from '../../../../core/compare/size-tree.ts';

export type Selected =
  | { readonly kind: 'file'; readonly file: number }
  | { readonly kind: 'layer'; readonly layer: number }
  | { readonly kind: 'package'; readonly package: number }
  | { readonly kind: 'folder'; readonly node: SizeNode };

export interface Selection {
  current(): Selected | undefined;
  select(selected: Selected | undefined): void;
  /** Called at every change from now on. */
  follow(listener: (selected: Selected | undefined) => void): void;
}

export function createSelection(): Selection {
  const listeners: ((selected: Selected | undefined) => void)[] = [];
  let current: Selected | undefined;
  return {
    current: () => current,
    select: (selected) => {
      current = selected;
      for (const listener of listeners) listener(selected);
    },
    follow: (listener) => {
      listeners.push(listener);
    },
  };
}
