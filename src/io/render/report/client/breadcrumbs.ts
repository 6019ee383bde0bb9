/** The way from the whole image to the folder that the treemap shows, each step of it a button back. */
import type { SizeNode } from '../../../../core/compare/size-tree.ts';
import { button, type Child, element } from './element.ts';

export function breadcrumbs(
  image: string,
  open: readonly SizeNode[],
  onLeave: (path: readonly SizeNode[]) => void,
): readonly Child[] {
  const names = [image, ...open.map(({ name }) => name)];
  return names.flatMap((name, depth) => {
    const isLast = depth === open.length;
    const crumb = isLast
      ? element('span', { 'aria-current': 'location' }, [name])
      : button({}, [name], () => {
          onLeave(open.slice(0, depth));
        });
    return depth === 0
      ? [crumb]
      : [element('span', { class: 'separator', 'aria-hidden': 'true' }, ['›']), crumb];
  });
}
