/** The build on a line of time: what ran when, how long, and why it had to. */
import type { Timeline, TimelineSpan } from '../../../../core/event/timeline.ts';
import { formatBytes, formatDuration } from '../../quantity.ts';
import { element, section } from './element.ts';

export function timelineChart({ spans, duration }: Timeline): HTMLElement {
  const heads = ['Action', 'Time', 'Took', 'Result'].map((name) => element('th', { scope: 'col' }, [name]));
  const table = element('table', { class: 'timeline' }, [
    element('thead', {}, [element('tr', {}, heads)]),
    element(
      'tbody',
      {},
      [...spans].sort((a, b) => a.from - b.from).map((span) => spanRow(span, duration)),
    ),
  ]);
  return section('build', 'Build', [table]);
}

function spanRow(span: TimelineSpan, duration: number): HTMLElement {
  const { name, kind, outcome, from, to, bytes, reason } = span;
  const bar = element('span', { class: 'span', 'data-outcome': outcome });
  const whole = Math.max(duration, 1);
  Object.assign(bar.style, {
    left: `${String((from / whole) * 100)}%`,
    width: `max(3px, ${String(((to - from) / whole) * 100)}%)`,
  });
  const took = outcome === 'cached' ? 'cached' : formatDuration(to - from);
  const title = `from ${formatDuration(from)} to ${formatDuration(to)}`;
  return element('tr', {}, [
    element('th', { scope: 'row' }, [name, element('span', { class: 'muted' }, [kind])]),
    element('td', { class: 'track', title, 'aria-label': title }, [bar]),
    element('td', { class: 'amount' }, [took]),
    element('td', {}, [resultText(outcome, bytes), element('span', { class: 'muted' }, [reason])]),
  ]);
}

function resultText(outcome: TimelineSpan['outcome'], bytes: number): string {
  return outcome === 'failed' ? 'failed' : `${outcome} ${formatBytes(bytes)}`;
}
