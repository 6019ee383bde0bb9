/** The sign of a change on its colour; whoever shows it says the change in words beside it. */
import type { Change } from '../../../../core/compare/report.ts';
import { element } from './element.ts';
import { changeSigns } from './words.ts';

export function changeSign(change: Change): HTMLElement {
  return element('span', { class: 'swatch', 'data-change': change, 'aria-hidden': 'true' }, [
    changeSigns[change],
  ]);
}

/** As a cell of a grid. */
export function changeCell(change: Change): HTMLElement {
  return element('div', { role: 'gridcell', class: 'change' }, [
    changeSign(change),
    element('span', {}, [change]),
  ]);
}
