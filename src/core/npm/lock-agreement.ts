/**
 * Whether a package.json asks for what its lock says that it asks for. npm writes those words into the lock whenever it
 * resolves them, so another word means that nobody has looked what it stands for.
 */
import { quoteText } from '../diagnostic/escape-text.ts';
import { wantedNames } from './dependency-graph.ts';
import type { NpmProblem } from './npm-problem.ts';
import type { Wanted } from './package-lock.ts';

export interface Agreement {
  /** What package.json and lock are called in messages. */
  readonly manifest: string;
  readonly lock: string;
}

/** The first difference, by the order of package.json; undefined where there is none. */
export function firstDisagreement(
  asked: Wanted,
  locked: Wanted,
  { manifest, lock }: Agreement,
): NpmProblem | undefined {
  const [now, then] = [requestsOf(asked), requestsOf(locked)];
  const name = [...now.keys(), ...then.keys()].find((key) => now.get(key) !== then.get(key));
  if (name === undefined) return undefined;
  const [wanted, known] = [now.get(name), then.get(name)];
  const said =
    wanted === undefined
      ? `${quoteText(manifest)} does not ask for ${quoteText(name)} any more`
      : `${quoteText(manifest)} asks for ${quoteText(wanted)}`;
  const found = known === undefined ? 'does not have it' : `was made for ${quoteText(known)}`;
  return {
    code: 'npm/out-of-step',
    message: `${said}, and ${quoteText(lock)} ${found}`,
    help: 'bring the lock up to date with `npm install`',
  };
}

/** What each name is asked for with: `zod@^4.0.0`, and in which list where that is not `dependencies`. */
function requestsOf(wanted: Wanted): Map<string, string> {
  const requests = new Map<string, string>();
  for (const [name, kind] of wantedNames(wanted, 'with-development')) {
    const range = rangeOf(wanted, name);
    requests.set(name, kind === 'production' ? `${name}@${range}` : `${name}@${range} (${kind})`);
  }
  return requests;
}

function rangeOf(wanted: Wanted, name: string): string {
  const { devDependencies, optionalDependencies, dependencies, peerDependencies } = wanted;
  const lists = [devDependencies, optionalDependencies, dependencies, peerDependencies];
  return lists.find((list) => list.has(name))?.get(name) ?? '';
}
