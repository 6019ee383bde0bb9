/**
 * Which archives a layer's packages come from: those that its `mirror` names, or else this computer's own apt sources. A
 * suite of the machine's sources is taken with its updates and security fixes, which stand in suites of their own:
 * `bookworm` is also `bookworm-updates` and `bookworm-security`. What comes of them is pinned in the lock; nothing here
 * reaches a byte or a key.
 */
import { join } from 'node:path';
import type { AptSource } from '../../../core/deb/apt-sources.ts';
import { DebError } from '../../../core/deb/deb-error.ts';
import { escapeText, quoteText } from '../../../core/diagnostic/escape-text.ts';
import type { AskedPackages } from '../../../core/recipe/lock/wanted-packages.ts';
import type { DebMirror } from '../../../core/recipe/recipe.ts';
import type { Machine } from '../machine.ts';
import { aptSourcesOf } from './apt-sources-of.ts';
import { type KeyringChoice, machineKeyrings } from './keyring.ts';

/** One suite of one archive. */
export interface DebArchive {
  /** Without a slash at its end. */
  readonly url: string;
  readonly suite: string;
  readonly components: readonly string[];
  readonly keyring: KeyringChoice;
}

export type AskedArchives = Pick<AskedPackages, 'suites' | 'components' | 'mirrors' | 'snapshot' | 'keyring'>;

export interface ArchivePlaces {
  /** The context: absolute. */
  readonly context: string;
  readonly machine: Machine;
}

/** In the order in which they are named; never none. Throws DebError `deb/no-source`. */
export function archivesFor(asked: AskedArchives, places: ArchivePlaces): DebArchive[] {
  const { mirrors } = asked;
  const found = mirrors.length > 0 ? ofMirrors(mirrors, places) : ofMachine(asked, places);
  return found.map((archive) => ({ ...archive, url: urlAt(archive.url, asked) }));
}

function ofMirrors(mirrors: readonly DebMirror[], places: ArchivePlaces): DebArchive[] {
  return mirrors.flatMap(({ url, suites, components, keyring }) => {
    const chosen = keyringFor({ written: keyring, source: undefined }, places);
    return suites.map((suite) => ({ url: url.replace(/\/{1,64}$/, ''), suite, components, keyring: chosen }));
  });
}

function ofMachine(asked: AskedArchives, places: ArchivePlaces): DebArchive[] {
  const sources = aptSourcesOf(places.machine);
  const suites = asked.suites.length > 0 ? asked.suites : [onlySuite(sources)];
  const chosen = sources.filter(({ suite }) => suites.some((one) => isOfFamily(suite, one)));
  const components = new Set(asked.components);
  const found = chosen.flatMap((source) => {
    const shared = source.components.filter((component) => components.has(component));
    const keyring = keyringFor({ written: asked.keyring, source }, places);
    return shared.length === 0 ? [] : [{ url: source.uri, suite: source.suite, components: shared, keyring }];
  });
  if (found.length > 0) return found;
  const what = `${suites.join(', ')} with ${asked.components.join(', ')}`;
  const message = `the apt sources of this computer have no suite ${escapeText(what)}`;
  throw noSource(message, sources);
}

/** Backports and proposed updates are suites that nobody gets without asking for them. */
function isOfFamily(suite: string, asked: string): boolean {
  return suite === asked || suite === `${asked}-updates` || suite === `${asked}-security`;
}

function onlySuite(sources: readonly AptSource[]): string {
  const families = [
    ...new Set(sources.map(({ suite }) => suite.replace(/-(?:updates|security|backports)$/, ''))),
  ];
  const [only, other] = families;
  if (only !== undefined && other === undefined) return only;
  throw noSource('the layer does not say which suite its packages are of', sources);
}

function noSource(message: string, sources: readonly AptSource[]): DebError {
  const suites = [...new Set(sources.map(({ suite }) => suite))];
  const help =
    suites.length === 0
      ? 'this computer has no apt sources: name a `mirror` (http://HOST/debian) and a `suite`'
      : `name one with \`suite\`: apt’s sources here have ${escapeText(suites.join(', '))}; or name a \`mirror\``;
  return new DebError('deb/no-source', message, { help });
}

const snapshotMark = '@SNAPSHOTID@';

/** Where the archive stands as it was then: the mark is apt's own (sources.list(5), Snapshots). */
function urlAt(url: string, { snapshot }: AskedArchives): string {
  const isMarked = url.includes(snapshotMark);
  if (snapshot === undefined && !isMarked) return url;
  if (snapshot !== undefined && (isMarked || url.includes(snapshot)))
    return url.replaceAll(snapshotMark, snapshot);
  const message =
    snapshot === undefined
      ? `${quoteText(url)} is an archive of snapshots, and the layer says not which`
      : `nothing says where the snapshots of ${quoteText(url)} are`;
  throw new DebError('deb/no-source', message, {
    help:
      snapshot === undefined
        ? 'write `snapshot`, such as 20260101T000000Z'
        : `name the archive of snapshots with \`mirror\`, and write ${snapshotMark} where its date stands`,
  });
}

/** The recipe's own, else the apt source's, else whatever this computer trusts for any archive. */
function keyringFor(
  { written, source }: { readonly written: string | undefined; readonly source: AptSource | undefined },
  { context, machine }: ArchivePlaces,
): KeyringChoice {
  if (written !== undefined) {
    return { places: [{ in: 'file', path: join(context, written), shown: written }], fingerprints: [] };
  }
  if (source?.key !== undefined) {
    return { places: [{ in: 'text', text: source.key, shown: 'in the apt source' }], fingerprints: [] };
  }
  const [files, fingerprints] = [true, false].map((isFile) =>
    (source?.signedBy ?? []).filter((text) => text.startsWith('/') === isFile),
  );
  const named = (files ?? []).map((path) => ({ in: 'file', path, shown: path }) as const);
  return { places: named.length > 0 ? named : machineKeyrings(machine), fingerprints: fingerprints ?? [] };
}
