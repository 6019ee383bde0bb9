/**
 * Relationship fields of packages (Debian policy, chapter 7): `a (>= 1.2) | b:any, c [amd64] <!nocheck>`. A field is a
 * list of which all must hold, each a list of alternatives of which one must.
 */
import { quoteText } from '../diagnostic/escape-text.ts';
import { malformed } from './deb-error.ts';
import type { VersionBound, VersionOperator } from './version.ts';

export interface Alternative {
  readonly name: string;
  /** What stands behind the colon: `any`, or an architecture. */
  readonly qualifier?: string;
  readonly bound?: VersionBound;
}

/** In the order of preference; never empty. */
export type Dependency = readonly Alternative[];

/**
 * The dependencies that hold on an architecture: those restricted to others, and those of a build profile (none is
 * ever on here), are left out.
 */
export function parseDependencies(text: string | undefined, architecture: string): Dependency[] {
  if (text === undefined) return [];
  return text
    .split(',')
    .map((group) => group.trim())
    .filter((group) => group !== '') // a comma too many, which apt and dpkg overlook
    .map((group) => parseGroup(group, architecture))
    .filter((group) => group.length > 0);
}

/** As it is written in a control file, without restrictions. */
export function formatDependency(dependency: Dependency): string {
  return dependency.map(formatAlternative).join(' | ');
}

export function formatAlternative({ name, qualifier, bound }: Alternative): string {
  const full = qualifier === undefined ? name : `${name}:${qualifier}`;
  return bound === undefined ? full : `${full} (${bound.operator} ${bound.version})`;
}

const pattern =
  /^([^\s:()[\]<>|,]+)(?::([a-z0-9-]+))?\s*(?:\(\s*(<<|<=|>=|>>|=|<|>)\s*([0-9A-Za-z.+~:-]+)\s*\))?\s*(?:\[([^\]]*)\])?\s*((?:<[^>]*>\s*)*)$/;

function parseGroup(text: string, architecture: string): Alternative[] {
  return text.split('|').flatMap((written) => {
    const match = pattern.exec(written.trim());
    if (match === null)
      throw malformed('a package', `has a dependency that cannot be read: ${quoteText(text)}`);
    const [, name = '', qualifier, operator, version, architectures, profiles = ''] = match;
    if (!isMeantFor(architectures, architecture) || !isBuiltWithoutProfile(profiles)) return [];
    return [alternativeOf(name, qualifier, boundOf(operator, version))];
  });
}

function alternativeOf(name: string, qualifier?: string, bound?: VersionBound): Alternative {
  return {
    name,
    ...(qualifier === undefined ? {} : { qualifier }),
    ...(bound === undefined ? {} : { bound }),
  };
}

function boundOf(operator: string | undefined, version: string | undefined): VersionBound | undefined {
  if (operator === undefined || version === undefined) return undefined;
  // `<` and `>` alone are old words for `<=` and `>=` (Debian policy 7.1).
  const full = operator === '<' || operator === '>' ? `${operator}=` : operator;
  return { operator: full as VersionOperator, version };
}

/** `[amd64 arm64]` or `[!i386]`; wildcards as `linux-any` and `any-arm64` too. */
function isMeantFor(list: string | undefined, architecture: string): boolean {
  const words = (list ?? '').split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return true;
  if (words.every((word) => word.startsWith('!'))) {
    return !words.some((word) => matchesArchitecture(word.slice(1), architecture));
  }
  return words.some((word) => matchesArchitecture(word, architecture));
}

function matchesArchitecture(word: string, architecture: string): boolean {
  return word === architecture || word === 'any' || word === 'linux-any' || word === `any-${architecture}`;
}

/** `<!nocheck> <…>`: one group must hold in which every profile is negated. */
function isBuiltWithoutProfile(text: string): boolean {
  const groups = text.match(/<[^>]*>/g) ?? [];
  if (groups.length === 0) return true;
  return groups.some((group) =>
    group
      .slice(1, -1)
      .split(/\s+/)
      .filter((word) => word !== '')
      .every((word) => word.startsWith('!')),
  );
}
