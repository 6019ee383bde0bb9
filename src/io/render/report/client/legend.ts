/** What the colours, patterns and signs of changes mean. */
import { changes } from '../../../../core/compare/report.ts';
import { element } from './element.ts';
import { changeSigns } from './words.ts';

export function legend(): HTMLElement {
  const items = changes.map((change) =>
    element('li', {}, [
      element('span', { class: 'swatch', 'data-change': change, 'aria-hidden': 'true' }, [
        changeSigns[change],
      ]),
      change,
    ]),
  );
  return element('ul', { class: 'legend', 'aria-label': 'Legend' }, items);
}
