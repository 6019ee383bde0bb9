/** The page: reads the report that stands in it and shows its parts around one selection. Asks nothing of any network. */
import type { Report } from '../../../../core/compare/report.ts';
import { contents } from './contents.ts';
import { details } from './details.ts';
import { element } from './element.ts';
import { fieldTable } from './field-table.ts';
import { layerList } from './layer-list.ts';
import { packages, type ShowFiles } from './packages.ts';
import { createSelection } from './selection.ts';
import { summary } from './summary.ts';
import { timelineChart } from './timeline-chart.ts';
import { treemap } from './treemap.ts';

const written = document.getElementById('report')?.textContent ?? '';
const report = JSON.parse(written) as Report;
const selection = createSelection();

const files = contents(report, selection);
const narrowPage = matchMedia('(max-width: 1080px)');
const showFiles: ShowFiles = (of) => {
  // What is selected lies over the contents there.
  if (narrowPage.matches) selection.select(undefined);
  files.narrowTo(of);
  files.shown.scrollIntoView();
};

const parts = [
  treemap(report, selection),
  layerList(report, selection),
  ...(report.packages.length === 0 ? [] : [packages(report, selection, showFiles)]),
  files.shown,
  fieldTable(report),
  ...(report.timeline === undefined ? [] : [timelineChart(report.timeline)]),
];

document.body.append(
  element('a', { class: 'skip', href: '#contents' }, ['Skip to the contents']),
  summary(report),
  element('div', { class: 'columns' }, [element('main', {}, parts), details(report, selection, showFiles)]),
  element('footer', { class: 'muted' }, [
    `Written by layerwright ${report.writer}. This file asks nothing of any network.`,
  ]),
);
