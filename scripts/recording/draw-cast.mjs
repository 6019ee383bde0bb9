/**
 * An asciicast (version 2) as a film in one SVG: each state of the screen is a frame, the frames stand side by side, and
 * a CSS animation steps along them. Rows that many frames share are written once. The same cast gives the same bytes;
 * whoever asks for less motion sees the last frame.
 */
import { Screen } from './screen.mjs';

/**
 * @typedef {object} Cast
 * @property {number} width
 * @property {number} height
 * @property {readonly (readonly [time: number, text: string])[]} events
 *
 * @typedef {readonly import('./screen.mjs').Cell[]} Runs
 * @typedef {{ readonly at: number, readonly rows: readonly Runs[] }} Frame
 */

/** Pixels. */
const cell = { width: 8.4, height: 19 };
const margin = 16;
/** States of the screen that were there for less time are not drawn, in seconds. */
const shortest = 0.06;
/** How long the last frame stands, in seconds. */
const pause = 4;

const colors = { text: '#d8dee9', back: '#1d2129', dim: '#8a93a5' };
/** @type {Readonly<Record<string, string>>} */
const fills = { 2: colors.dim, 31: '#f07178', 32: '#a3d977', 33: '#e7c664', 34: '#82aaff', 36: '#7fdbca' };

/**
 * @param {string} text one JSON value a line: the header, then `[time, "o", text]`
 * @returns {Cast}
 */
export function readCast(text) {
  const [header = '{}', ...lines] = text.trimEnd().split('\n');
  const { width, height } = JSON.parse(header);
  return {
    width,
    height,
    events: lines.map((line) => JSON.parse(line)).map(([time, , shown]) => [time, shown]),
  };
}

/**
 * @param {Cast} cast
 * @param {string} title what the picture is, for those who do not see it
 */
export function drawCast(cast, title) {
  const frames = framesOf(cast);
  const end = (frames.at(-1)?.at ?? 0) + pause;
  const size = {
    width: cast.width * cell.width + 2 * margin,
    height: cast.height * cell.height + 2 * margin,
  };
  const shared = new SharedRows();
  const film = frames.map((frame, index) => drawFrame(frame, index * size.width, shared)).join('\n');
  const steps = frames.map(
    ({ at }, index) => `${percent(at / end)}{transform:translateX(${-index * size.width}px)}`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<style>text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:${colors.text};white-space:pre}`,
    ...Object.entries(fills).map(([style, color]) => `.s${style}{fill:${color}}`),
    `.s1{font-weight:bold}@keyframes film{${steps.join('')}}`,
    `#film{animation:film ${end.toFixed(2)}s step-end infinite}`,
    `@media(prefers-reduced-motion:reduce){#film{animation:none;transform:translateX(${-(frames.length - 1) * size.width}px)}}</style>`,
    `<defs>${shared.definitions()}</defs>`,
    `<rect width="100%" height="100%" rx="8" fill="${colors.back}"/>`,
    `<g id="film">`,
    film,
    '</g></svg>\n',
  ].join('\n');
}

/**
 * @param {Cast} cast
 * @returns {readonly Frame[]}
 */
function framesOf({ width, height, events }) {
  const screen = new Screen(width, height);
  /** @type {Frame[]} */
  const frames = [];
  events.forEach(([at, text], index) => {
    screen.write(text);
    const next = events[index + 1]?.[0] ?? Infinity;
    if (next - at >= shortest || index === 0) frames.push({ at, rows: screen.rows() });
  });
  return frames;
}

/** Each distinct row once, under a name of its own. */
class SharedRows {
  /** @type {Map<string, string>} */
  #names = new Map();

  /** @param {Runs} runs */
  nameOf(runs) {
    const drawn = drawRow(runs);
    const known = this.#names.get(drawn) ?? `r${this.#names.size}`;
    this.#names.set(drawn, known);
    return known;
  }

  definitions() {
    return [...this.#names].map(([drawn, name]) => `<text id="${name}">${drawn}</text>`).join('\n');
  }
}

/**
 * @param {Frame} frame
 * @param {number} left
 * @param {SharedRows} shared
 */
function drawFrame({ rows }, left, shared) {
  const used = rows.flatMap((runs, row) =>
    runs.length === 0
      ? []
      : [`<use href="#${shared.nameOf(runs)}" y="${margin + (row + 0.75) * cell.height}"/>`],
  );
  return `<g transform="translate(${round(left + margin)})">${used.join('')}</g>`;
}

/** @param {Runs} runs */
function drawRow(runs) {
  let column = 0;
  return runs
    .map(({ text, style }) => {
      const classes = style.split(';').flatMap((one) => (one === '' ? [] : [`s${one}`]));
      const named = classes.length === 0 ? '' : ` class="${classes.join(' ')}"`;
      const length = [...text].length;
      // Each run begins in its column and has its width, whatever font there is.
      const drawn = `<tspan x="${round(column * cell.width)}" textLength="${round(length * cell.width)}"${named}>${escape(text)}</tspan>`;
      column += length;
      return drawn;
    })
    .join('');
}

/** @param {number} value */
function round(value) {
  return String(Math.round(value * 100) / 100);
}

/** @param {number} part */
function percent(part) {
  return `${round(part * 100)}%`;
}

/** @param {string} text */
function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
