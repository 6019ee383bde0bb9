/** Two lists of environment variables: each variable by its name, and where all are equal their order. */
import { quoteText } from '../diagnostic/escape-text.ts';
import { splitVariable } from '../oci/split-variable.ts';
import { type Found, type Sides, unequal } from './difference.ts';
import { textOf } from './value-differences.ts';

export function* envDifferences({ rebuilt, given }: Sides<readonly string[]>): Generator<Found> {
  const [ours, theirs] = [variablesOf(rebuilt), variablesOf(given)];
  let same = true;
  for (const name of new Set([...ours.keys(), ...theirs.keys()])) {
    const values = { rebuilt: textOf(ours.get(name)), given: textOf(theirs.get(name)) };
    for (const found of unequal({ field: 'env', what: `env ${quoteText(name)}` }, values)) {
      same = false;
      yield found;
    }
  }
  if (!same) return;
  const orders = { rebuilt: orderOf(rebuilt), given: orderOf(given) };
  yield* unequal({ field: 'env order', what: 'env order' }, orders);
}

function variablesOf(env: readonly string[]): Map<string, string> {
  return new Map(env.map(splitVariable));
}

function orderOf(env: readonly string[]): string {
  return quoteText(env.map((entry) => splitVariable(entry)[0]).join(' '));
}
