/** The three offsets that were used last (RFC 8878, 3.1.1.5): the values 1 to 3 name them. */

export class RecentOffsets {
  #first = 1;
  #second = 4;
  #third = 8;

  /** What a frame begins with. */
  reset(): void {
    this.#first = 1;
    this.#second = 4;
    this.#third = 8;
  }

  /** How far back a sequence reaches; `literals` is how many it takes. Zero for what is malformed. */
  find(value: number, literals: number): number {
    if (value > 3) return this.#use(value - 3);
    // Without literals the last offset would only go on with the last match, so the values mean one further.
    const which = literals === 0 ? value + 1 : value;
    if (which === 1) return this.#first;
    if (which === 2) return this.#swap();
    return this.#use(which === 3 ? this.#third : this.#first - 1);
  }

  #use(offset: number): number {
    this.#third = this.#second;
    this.#second = this.#first;
    return (this.#first = offset);
  }

  #swap(): number {
    const offset = this.#second;
    this.#second = this.#first;
    return (this.#first = offset);
  }
}
