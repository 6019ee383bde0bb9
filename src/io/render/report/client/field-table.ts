/** The image's config beside the previous one's: what differs at once, what is the same on request. */
import type { Report, ReportField } from '../../../../core/compare/report.ts';
import { type Child, element, section } from './element.ts';
import { changeSigns, countText } from './words.ts';

export function fieldTable({ fields, previous }: Report): HTMLElement {
  const differing = fields.filter(({ change }) => change !== 'same');
  const same = fields.filter(({ change }) => change === 'same');
  if (previous === undefined) return section('config', 'Configuration', [table(fields, ['Field', 'Value'])]);
  const shown: Child[] =
    differing.length === 0
      ? [element('p', { class: 'muted' }, ['Nothing differs from the previous image.'])]
      : [table(differing, ['Field', 'Before', 'Now'])];
  const unchanged = element('details', {}, [
    element('summary', {}, [`${countText(same.length)} unchanged`]),
    table(same, ['Field', 'Value']),
  ]);
  return section('config', 'Configuration', [...shown, ...(same.length === 0 ? [] : [unchanged])]);
}

function table(fields: readonly ReportField[], heads: readonly string[]): HTMLElement {
  const isPair = heads.length === 3;
  const rows = fields.map(({ name, change, before, now }) => {
    const sign = element('span', { class: 'swatch', 'data-change': change, title: change }, [
      changeSigns[change],
    ]);
    const head = element('th', { scope: 'row' }, isPair ? [sign, ' ', name] : [name]);
    const values = isPair ? [before, now] : [now];
    return element('tr', {}, [
      head,
      ...values.map((value, index) => valueCell(value, heads[index + 1] ?? '')),
    ]);
  });
  return element('table', { class: 'fields' }, [
    element('thead', {}, [
      element(
        'tr',
        {},
        heads.map((name) => element('th', { scope: 'col' }, [name])),
      ),
    ]),
    element('tbody', {}, rows),
  ]);
}

function valueCell(value: string | undefined, head: string): HTMLElement {
  const shown =
    value === undefined ? element('span', { class: 'muted' }, ['none']) : element('code', {}, [value]);
  return element('td', { 'data-head': head }, [shown]);
}
