/**
 * Where a machine's apt gets its packages: the entries of sources.list and sources.list.d in both of their forms
 * (sources.list(5)), `deb` lines and deb822 stanzas. Only `deb` entries count; what weakens the check of signatures
 * (`trusted`, `allow-insecure`, `check-valid-until`) is not obeyed.
 */
import { fieldOf, parseControl, wordsOf, type Stanza } from './control-file.ts';
import { malformed } from './deb-error.ts';

export interface AptSource {
  /** As written, without a slash at its end. */
  readonly uri: string;
  readonly suite: string;
  /** Empty for a flat archive, whose suite ends in a slash. */
  readonly components: readonly string[];
  /** Debian's names; undefined where every architecture is meant. */
  readonly architectures: readonly string[] | undefined;
  /** Paths of keyrings, or fingerprints; undefined where every key of the machine counts. */
  readonly signedBy: readonly string[] | undefined;
  /** A key in the entry itself, armored. */
  readonly key: string | undefined;
}

/** One file, read by the ending of its name: `.sources` holds stanzas, anything else lines. `what` names it. */
export function parseAptSources(text: string, what: string): AptSource[] {
  return what.endsWith('.sources')
    ? parseControl(text, what).flatMap(stanzaSources)
    : lineSources(text, what);
}

function stanzaSources(stanza: Stanza): AptSource[] {
  if (fieldOf(stanza, 'enabled')?.toLowerCase() === 'no') return [];
  if (!wordsOf(fieldOf(stanza, 'types')).includes('deb')) return [];
  const architectures = wordsOf(fieldOf(stanza, 'architectures'));
  const rest = {
    components: wordsOf(fieldOf(stanza, 'components')),
    architectures: architectures.length === 0 ? undefined : architectures,
    ...signersOf(fieldOf(stanza, 'signed-by')),
  };
  return wordsOf(fieldOf(stanza, 'uris')).flatMap((uri) =>
    wordsOf(fieldOf(stanza, 'suites')).map((suite) => ({ uri: withoutSlash(uri), suite, ...rest })),
  );
}

/** An armored key has its own lines, the blank ones written as ` .`, as every field's. */
function signersOf(value: string | undefined): Pick<AptSource, 'signedBy' | 'key'> {
  if (value === undefined || value === '') return { signedBy: undefined, key: undefined };
  if (!value.includes('-----BEGIN')) return { signedBy: splitWords(value), key: undefined };
  const lines = value.split('\n').map((line) => line.trim());
  return {
    signedBy: undefined,
    key: `${lines
      .map((line) => (line === '.' ? '' : line))
      .join('\n')
      .trim()}\n`,
  };
}

function lineSources(text: string, what: string): AptSource[] {
  const lines = text.split('\n').map((line) => line.replace(/(?:^|\s)#.*$/, '').trim());
  return lines.flatMap((line, index) => {
    if (!/^deb\s/.test(line)) {
      if (line === '' || /^deb-src\s/.test(line)) return [];
      throw malformed(what, `cannot be read: line ${String(index + 1)} is no \`deb\` line`);
    }
    return [lineSource(line, `${what}, line ${String(index + 1)},`)];
  });
}

function lineSource(line: string, what: string): AptSource {
  const match = /^deb\s+(?:\[([^\]]*)\]\s*)?(\S+)\s+(\S+)(?:\s+(.*))?$/.exec(line);
  const [, options = '', uri, suite, components] = match ?? [];
  if (uri === undefined || suite === undefined) throw malformed(what, 'has no URI and suite');
  const values = new Map(
    wordsOf(options).map((word) => [word.split('=', 1)[0], word.slice(word.indexOf('=') + 1)]),
  );
  const signedBy = values.get('signed-by');
  return {
    uri: withoutSlash(uri),
    suite,
    components: wordsOf(components),
    architectures: values.get('arch')?.split(','),
    signedBy: signedBy === undefined ? undefined : splitWords(signedBy),
    key: undefined,
  };
}

function splitWords(value: string): string[] {
  return value.split(/[\s,]+/).filter((word) => word !== '');
}

function withoutSlash(uri: string): string {
  return uri.replace(/\/+$/, '');
}
