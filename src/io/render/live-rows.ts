/**
 * The rows of a terminal for what is under way, which is drawn again and again: each is cut to one row, and what does
 * not fit is left out, the reason first. The last row says how far the plan is.
 */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { type Activity, type Progress, waitingActions } from '../../core/event/progress.ts';
import { rateAt } from '../../core/event/rate.ts';
import { cellsOf, columnOf, fitCells, padCells } from './cells.ts';
import { formatBytes, formatDuration } from './quantity.ts';
import type { Screen } from './renderer.ts';

const mostActivities = 8;
/** Rows of the terminal that are left to what has ended, and to the rows that are no activity. */
const otherRows = 4;
/** Cells of a row before its name, and the fewest that are worth being shown of a text that is cut. */
const mark = 4;
const fewest = 12;
/** A terminal with fewer columns is told a share in place of two amounts. */
const narrow = 60;

export function liveRows(progress: Progress, at: number, screen: Screen): string[] {
  const { active } = progress;
  if (active.length === 0) return [];
  const most = Math.min(mostActivities, Math.max(1, screen.rows - otherRows));
  const shown = active.slice(0, most);
  const column = columnOf(
    shown.map(({ name }) => escapeText(name)),
    screen.columns >> 1,
  );
  const rows = shown.map((activity) => row(activityCells(activity, at, screen), { column, screen }));
  const more = active.length - shown.length;
  if (more > 0) rows.push(row([`and ${String(more)} more`], { column: screen.columns, screen }));
  return progress.actions > 0 ? [...rows, totalRow(progress, at, screen)] : rows;
}

/** In the order in which they are shown; the name first, and last what is cut to fit. */
function activityCells(activity: Activity, at: number, screen: Screen): string[] {
  const { name, reason, startedAt, rate } = activity;
  const speed = rateAt(rate, at);
  return [
    escapeText(name),
    amountText(activity, screen),
    ...(speed === undefined ? [] : [`${formatBytes(speed)}/s`]),
    formatDuration(at - startedAt),
    reason,
  ];
}

function amountText({ done, total }: Activity, { columns }: Screen): string {
  if (total === undefined || total === 0) return formatBytes(done);
  if (columns >= narrow) return `${formatBytes(done)} of ${formatBytes(total)}`;
  return `${String(Math.floor((100 * done) / total))} %`;
}

/** `  2 of 5 done, 2 waiting · 41.2 MB/s · 1.9 s`: how far the plan is, all speeds together, and since when. */
function totalRow(progress: Progress, at: number, screen: Screen): string {
  const { actions, built, cached, active } = progress;
  const waiting = waitingActions(progress);
  const done = `  ${String(built + cached)} of ${String(actions)} done`;
  const counts = waiting > 0 ? `${done}, ${String(waiting)} waiting` : done;
  const speeds = active.flatMap(({ rate }) => rateAt(rate, at) ?? []);
  const speed = speeds.reduce((sum, one) => sum + one, 0);
  const short = `${counts} · ${formatDuration(at)}`;
  const long = `${counts} · ${formatBytes(speed)}/s · ${formatDuration(at)}`;
  const isLong = speeds.length > 0 && cellsOf(long) <= roomOf(screen);
  return fitCells(isLong ? long : short, roomOf(screen));
}

/** One row of the terminal, as far as its cells fit. */
function row(
  [name = '', ...cells]: readonly string[],
  { column, screen }: { readonly column: number; readonly screen: Screen },
): string {
  let text = `  … ${padCells(fitCells(name, Math.min(column, roomOf(screen) - mark)), column)}`;
  for (const [index, cell] of cells.entries()) {
    const left = roomOf(screen) - cellsOf(text) - 2;
    const isLast = index === cells.length - 1;
    if (cellsOf(cell) <= left || (isLast && left >= fewest)) text += `  ${fitCells(cell, left)}`;
  }
  return text.trimEnd();
}

/** The last cell stays free, since some terminals wrap behind it. */
function roomOf({ columns }: Screen): number {
  return Math.max(columns - 1, 1);
}
