/** What is known of the selected file, package, layer or folder, and the recipe below it with the lines that it comes from. */
import type { RecipeLines, Report, ReportFile, ReportLayer } from '../../../../core/compare/report.ts';
import { fileCount, type SizeNode } from '../../../../core/compare/size-tree.ts';
import { formatBytes } from '../../quantity.ts';
import { changeSign } from './change-sign.ts';
import { button, type Child, element } from './element.ts';
import type { ShowFiles } from './packages.ts';
import { recipeView } from './recipe-view.ts';
import type { Selected, Selection } from './selection.ts';
import { countsText, filesText, modeText, placeText, versionText } from './words.ts';

export function details(report: Report, selection: Selection, showFiles: ShowFiles): HTMLElement {
  const shown = element('div', { class: 'details', 'aria-live': 'polite' }, [hint()]);
  const recipe = recipeView(report);
  const close = button({ class: 'close' }, ['Close'], () => {
    selection.select(undefined);
  });
  const panel = element('aside', { class: 'panel', 'aria-label': 'Selected' }, [
    close,
    shown,
    ...recipe.shown,
  ]);
  let before: Element | null = null;
  const closeOn = ({ key }: KeyboardEvent): void => {
    if (key === 'Escape') selection.select(undefined);
  };
  selection.follow((selected) => {
    // Whoever closes the panel goes on where it was opened.
    if (selected === undefined && panel.contains(document.activeElement) && before instanceof HTMLElement)
      before.focus();
    if (selected !== undefined && !panel.contains(document.activeElement)) before = document.activeElement;
    panel.toggleAttribute('data-open', selected !== undefined);
    const context = { report, selection, showFiles };
    shown.replaceChildren(...(selected === undefined ? [hint()] : describe(selected, context)));
    recipe.mark(linesOf(selected, report));
  });
  document.addEventListener('keydown', closeOn);
  return panel;
}

function hint(): HTMLElement {
  return element('p', { class: 'muted' }, [
    'Choose a file or a layer to see where it comes from and which line of the recipe put it there.',
  ]);
}

function linesOf(
  selected: Selected | undefined,
  { files, layers, packages }: Report,
): RecipeLines | undefined {
  if (selected?.kind === 'package') {
    const [layer] = packages[selected.package]?.layers ?? [];
    return layer === undefined ? undefined : layers[layer]?.lines;
  }
  if (selected?.kind === 'layer') return layers[selected.layer]?.lines;
  const file = selected?.kind === 'file' ? files[selected.file] : undefined;
  return file === undefined ? undefined : linesOfFile(file, layers);
}

function linesOfFile({ lines, layer }: ReportFile, layers: Report['layers']): RecipeLines | undefined {
  return lines ?? (layer === undefined ? undefined : layers[layer]?.lines);
}

interface DetailsContext {
  readonly report: Report;
  readonly selection: Selection;
  readonly showFiles: ShowFiles;
}

function describe(selected: Selected, context: DetailsContext): Child[] {
  const { report, selection } = context;
  if (selected.kind === 'package') return packageRowsOf(selected.package, context);
  if (selected.kind === 'folder') return folderRows(selected.node);
  if (selected.kind === 'layer') {
    const layer = report.layers[selected.layer];
    return layer === undefined ? [] : layerRows(layer, report);
  }
  const file = report.files[selected.file];
  return file === undefined ? [] : fileRowsOf(file, report, selection);
}

function title(kind: string, name: string): HTMLElement {
  return element('h2', {}, [
    element('span', { class: 'muted' }, [kind]),
    element('span', { class: 'path' }, [name]),
  ]);
}

type Row = readonly [name: string, value: Child | undefined];

function rows(all: readonly Row[]): HTMLElement {
  const items = all.flatMap(([name, value]) =>
    value === undefined ? [] : [element('dt', {}, [name]), element('dd', {}, [value])],
  );
  return element('dl', { class: 'rows' }, items);
}

function fileRowsOf(file: ReportFile, report: Report, selection: Selection): Child[] {
  const { path, type, size, change, aspects, target, source, mode, owner } = file;
  const changed = aspects === undefined || aspects.length === 0 ? change : `${change}: ${aspects.join(', ')}`;
  const all: Row[] = [
    ['Change', report.previous === undefined ? undefined : changeText(change, changed)],
    ['Size', type === 'file' ? formatBytes(size) : undefined],
    ['Leads to', target],
    ['Layer', layerButton(file, report, selection)],
    ['Package', packageButton(file, report, selection)],
    ['Recipe', recipeText(linesOfFile(file, report.layers), report)],
    ['Source', source],
    ['Mode', `${modeText(mode)}, owner ${owner}`],
    ['Hidden', hiddenText(file, report)],
  ];
  return [title(type, `/${path}`), rows(all)];
}

function changeText(change: ReportFile['change'], text: string): HTMLElement {
  return element('span', {}, [changeSign(change), ` ${text}`]);
}

function packageButton(
  { package: at }: ReportFile,
  { packages }: Report,
  selection: Selection,
): Child | undefined {
  const found = at === undefined ? undefined : packages[at];
  if (at === undefined || found === undefined) return undefined;
  return button({ class: 'link' }, [`${found.name} ${found.version}`], () => {
    selection.select({ kind: 'package', package: at });
  });
}

function packageRowsOf(at: number, { report, selection, showFiles }: DetailsContext): Child[] {
  const one = report.packages[at];
  if (one === undefined) return [];
  const { kind, name, change, size, files, layers } = one;
  const show = button({ class: 'link' }, [filesText(files)], () => {
    showFiles(at);
  });
  const buttons = layers.flatMap((layer, index) => [
    ...(index === 0 ? [] : [', ']),
    layerButton({ layer }, report, selection),
  ]);
  return [
    title(kind === 'npm' ? 'npm package' : 'Debian package', name),
    rows([
      ['Version', versionText(one)],
      ['Change', report.previous === undefined ? undefined : changeText(change, change)],
      ['Size', element('span', {}, [`${formatBytes(size)} in `, show])],
      ['Place', placeText(one)],
      ['Layer', layers.length === 0 ? 'none: only the previous image has it' : element('span', {}, buttons)],
    ]),
  ];
}

function layerButton({ layer }: Pick<ReportFile, 'layer'>, { layers }: Report, selection: Selection): Child {
  if (layer === undefined) return 'none: only the previous image has it';
  return button({ class: 'link' }, [layers[layer]?.label ?? ''], () => {
    selection.select({ kind: 'layer', layer });
  });
}

function hiddenText({ hiddenBy }: ReportFile, { layers }: Report): string | undefined {
  return hiddenBy === undefined
    ? undefined
    : `replaced or removed by ${layers[hiddenBy]?.label ?? 'a later layer'}`;
}

function recipeText(lines: RecipeLines | undefined, { recipe }: Report): string | undefined {
  if (lines === undefined) return undefined;
  const [first, last] = lines;
  return first === last
    ? `${recipe.file}:${String(first)}`
    : `${recipe.file}:${String(first)}–${String(last)}`;
}

function layerRows(layer: ReportLayer, report: Report): Child[] {
  const index = report.layers.indexOf(layer);
  const files = report.files.filter((file) => file.layer === index && file.type !== 'directory');
  const unpacked = files.reduce((sum, { size }) => sum + size, 0);
  const change = layer.change === 'added' ? 'new' : 'the previous image has it too';
  return [
    title('layer', layer.label),
    rows([
      ['Change', report.previous === undefined ? undefined : change],
      [
        'Size',
        `${formatBytes(layer.size)} compressed, ${formatBytes(unpacked)} in ${filesText(files.length)}`,
      ],
      ['Recipe', recipeText(layer.lines, report)],
      ['Digest', element('code', {}, [layer.digest])],
    ]),
  ];
}

function folderRows(node: SizeNode): Child[] {
  const changed = countsText(node.counts);
  return [
    title('folder', node.name),
    rows([
      ['Size', `${formatBytes(node.size)} in ${filesText(fileCount(node))}`],
      ['Change', changed === '' ? undefined : changed],
    ]),
  ];
}
