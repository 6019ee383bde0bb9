/**
 * A terminal's screen, as far as our command and a shell's prompt need one: text, line ends, cursor up, erasing, colours
 * (ECMA-48). What it does not know it leaves out.
 */

/**
 * @typedef {object} Cell
 * @property {string} text
 * @property {string} style the SGR parameters in force, as `1;31`
 */

// The character or sequence that stands first: CSI, OSC, a line end, any other character.
const first =
  /^(?:\u001b\[(?<parameters>[\d;?]*)(?<final>[A-Za-z])|\u001b\][^\u0007]*\u0007|(?<character>[^]))/u;

export class Screen {
  /** @type {Cell[][]} */
  #rows = [[]];
  #row = 0;
  #column = 0;
  #style = '';

  /**
   * @param {number} width
   * @param {number} height
   */
  constructor(width, height) {
    this.width = width;
    this.height = height;
  }

  /** @param {string} text */
  write(text) {
    for (let rest = text; rest !== '';) {
      const match = first.exec(rest);
      if (match === null) return;
      const { parameters = '', final, character } = match.groups ?? {};
      if (final !== undefined) this.#control(final, parameters);
      else if (character !== undefined) this.#put(character);
      rest = rest.slice(match[0].length);
    }
  }

  /** The rows that are seen, each as runs of one style; rows below the last one written are not among them. */
  rows() {
    return this.#rows.slice(-this.height).map(runsOf);
  }

  /** @param {string} character */
  #put(character) {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') this.#down();
    else if (character >= ' ') {
      if (this.#column >= this.width) {
        this.#down();
        this.#column = 0;
      }
      const row = this.#rows[this.#row] ?? [];
      while (row.length < this.#column) row.push({ text: ' ', style: '' });
      row[this.#column] = { text: character, style: this.#style };
      this.#column += 1;
    }
  }

  #down() {
    this.#row += 1;
    if (this.#rows[this.#row] === undefined) this.#rows.push([]);
  }

  /**
   * @param {string} final
   * @param {string} parameters
   */
  #control(final, parameters) {
    const count = Number(parameters) || 1;
    if (final === 'A') this.#row = Math.max(0, this.#row - count);
    else if (final === 'G') this.#column = count - 1;
    else if (final === 'K') this.#rows[this.#row]?.splice(this.#column);
    else if (final === 'J') {
      this.#rows.splice(this.#row + 1);
      this.#rows[this.#row]?.splice(this.#column);
    } else if (final === 'm') this.#style = parameters === '0' || parameters === '' ? '' : parameters;
  }
}

/**
 * @param {Cell[]} cells
 * @returns {readonly Cell[]}
 */
function runsOf(cells) {
  /** @type {Cell[]} */
  const runs = [];
  for (const { text, style } of cells) {
    const last = runs.at(-1);
    if (last?.style === style) last.text += text;
    else runs.push({ text, style });
  }
  return runs;
}
