/** The layers from the lowest to the highest, each as wide as its bytes. */
import type { Report, ReportLayer } from '../../../../core/compare/report.ts';
import { formatBytes, formatDigest } from '../../quantity.ts';
import { button, element, section } from './element.ts';
import type { Selection } from './selection.ts';
import { countText } from './words.ts';

export function layerList(report: Report, selection: Selection): HTMLElement {
  const largest = Math.max(1, ...report.layers.map(({ size }) => size));
  const counts = fileCounts(report);
  const rows = report.layers.map((layer, index) => {
    const row = layerRow(layer, { index, files: counts[index] ?? 0, share: layer.size / largest, selection });
    selection.follow((selected) => {
      row.toggleAttribute('data-selected', selected?.kind === 'layer' && selected.layer === index);
    });
    return row;
  });
  const heads = ['#', 'Layer', 'Change', 'Compressed', 'Files', 'Digest'].map((name) =>
    element('th', { scope: 'col' }, [name]),
  );
  const table = element('table', { class: 'layers' }, [
    element('thead', {}, [element('tr', {}, heads)]),
    element('tbody', {}, rows),
  ]);
  return section('layers', 'Layers', [table]);
}

function fileCounts({ layers, files }: Report): number[] {
  const counts = layers.map(() => 0);
  for (const { layer, type } of files)
    if (layer !== undefined && type !== 'directory') counts[layer] = (counts[layer] ?? 0) + 1;
  return counts;
}

interface RowFacts {
  readonly index: number;
  readonly files: number;
  /** Of the largest layer's bytes. */
  readonly share: number;
  readonly selection: Selection;
}

function layerRow(layer: ReportLayer, { index, files, share, selection }: RowFacts): HTMLTableRowElement {
  const name = button({ class: 'link' }, [layer.label], () => {
    selection.select({ kind: 'layer', layer: index });
  });
  const bar = element('span', { class: 'share', 'data-change': layer.change, 'aria-hidden': 'true' });
  bar.style.width = `${String(Math.max(share * 100, 0.5))}%`;
  return element('tr', {}, [
    element('td', { class: 'quiet' }, [String(index + 1)]),
    element('td', {}, [name]),
    element('td', {}, [layer.change === 'added' ? '+ new' : '= same']),
    element('td', { class: 'wide' }, [element('span', { class: 'amount' }, [formatBytes(layer.size)]), bar]),
    element('td', { class: 'amount' }, [countText(files)]),
    element('td', { class: 'quiet' }, [
      element('code', { title: layer.digest }, [formatDigest(layer.digest)]),
    ]),
  ]);
}
