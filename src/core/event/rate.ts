/**
 * How fast bytes move, smoothed: from stamped events alone, so that the same stream of events gives the same rates. Two
 * measurements stand `apart` at least, since chunks come in bursts, and an old one counts for less with time.
 */
export interface Rate {
  /** When it was last measured (milliseconds), and how far it was then (bytes). */
  readonly at: number;
  readonly done: number;
  /** Bytes a second; absent before the first measurement. */
  readonly perSecond?: number;
}

/** Milliseconds. */
const apart = 250;
const halfForgottenIn = 2000;
const silent = 3000;

export function measureRate(before: Rate, { at, done }: Pick<Rate, 'at' | 'done'>): Rate {
  // An upload that was lost starts again from its first byte.
  if (done < before.done) return { at, done };
  const elapsed = at - before.at;
  if (elapsed < apart) return before;
  const measured = ((done - before.done) * 1000) / elapsed;
  const { perSecond = measured } = before;
  const weight = elapsed / (elapsed + halfForgottenIn);
  return { at, done, perSecond: perSecond + weight * (measured - perSecond) };
}

/** Bytes a second as far as that is known, which it is not where nothing has been heard for a while. */
export function rateAt({ at, perSecond }: Rate, now: number): number | undefined {
  return now - at > silent ? undefined : perSecond;
}
