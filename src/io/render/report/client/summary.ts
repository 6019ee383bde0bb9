/** The head of the page: which image this is, beside which, and four numbers that most readers came for. */
import type { Report } from '../../../../core/compare/report.ts';
import { formatBytes, formatDuration } from '../../quantity.ts';
import { countsOf } from './file-rows.ts';
import { element } from './element.ts';
import { themeSwitch } from './theme-switch.ts';
import { countsText, countText } from './words.ts';

export function summary(report: Report): HTMLElement {
  const { image, previous } = report;
  const against =
    previous === undefined ? [] : [term('Compared with', [previous.name, code(previous.digest)])];
  return element('header', {}, [
    element('div', { class: 'masthead' }, [
      element('span', { class: 'mark', 'aria-hidden': 'true' }),
      element('span', { class: 'muted' }, ['layerwright report']),
      themeSwitch(),
    ]),
    element('h1', {}, [image.name]),
    element('dl', { class: 'identity' }, [
      term('Image', [code(image.digest)]),
      term('Platform', [image.platform]),
      ...against,
    ]),
    element('ul', { class: 'tiles', 'aria-label': 'Summary' }, tilesOf(report)),
  ]);
}

function code(text: string): HTMLElement {
  return element('code', {}, [text]);
}

function term(name: string, description: readonly (Node | string)[]): HTMLElement {
  const words = description.flatMap((part, index) => (index === 0 ? [part] : [' ', part]));
  return element('div', {}, [element('dt', {}, [name]), element('dd', {}, words)]);
}

function tilesOf(report: Report): HTMLElement[] {
  return [sizeTile(report), pullTile(report), filesTile(report), ...timeTile(report)];
}

function tile(name: string, value: string, detail: string): HTMLElement {
  return element('li', {}, [
    element('span', { class: 'muted' }, [name]),
    element('strong', {}, [value]),
    element('span', { class: 'muted' }, [detail]),
  ]);
}

function sizeTile({ image, previous }: Report): HTMLElement {
  if (previous === undefined) return tile('Size', formatBytes(image.size), 'compressed, in a registry');
  const growth = image.size - previous.size;
  const detail = growth === 0 ? 'as before' : `${growth > 0 ? '+' : '−'}${formatBytes(Math.abs(growth))}`;
  return tile('Size', formatBytes(image.size), `${detail}, compressed`);
}

function pullTile({ pullBytes, layers, previous }: Report): HTMLElement {
  const fresh = layers.filter(({ change }) => change === 'added').length;
  const detail =
    previous === undefined
      ? `everything: ${layerCount(layers.length)}`
      : `${countText(fresh)} new of ${layerCount(layers.length)}`;
  return tile('To pull', formatBytes(pullBytes), detail);
}

function layerCount(count: number): string {
  return `${countText(count)} ${count === 1 ? 'layer' : 'layers'}`;
}

function filesTile({ files }: Report): HTMLElement {
  const seen = files.filter(
    ({ layer, hiddenBy, type }) => layer !== undefined && hiddenBy === undefined && type !== 'directory',
  );
  const changed = countsText(countsOf(files));
  return tile('Files', countText(seen.length), changed === '' ? 'none changed' : changed);
}

function timeTile({ timeline }: Report): HTMLElement[] {
  if (timeline === undefined) return [];
  const built = timeline.spans.filter(({ outcome }) => outcome === 'built').length;
  const cached = timeline.spans.filter(({ outcome }) => outcome === 'cached').length;
  return [
    tile(
      'Build',
      formatDuration(timeline.duration),
      `${countText(built)} built, ${countText(cached)} cached`,
    ),
  ];
}
