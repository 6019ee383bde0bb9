/** What a Packages index says of one version of one package, as far as choosing and fetching it need. */
import { fieldOf, isYes, parseSingleControl, requiredField, type Stanza } from './control-file.ts';
import { malformed } from './deb-error.ts';
import { isVersion } from './version.ts';

export type MultiArch = 'no' | 'same' | 'foreign' | 'allowed';

export interface PackageRecord {
  readonly name: string;
  readonly version: string;
  /** Debian's name of it, or `all`. */
  readonly architecture: string;
  /** The name of the source package, without a version in brackets. */
  readonly source: string;
  /** Path below the mirror's root: `pool/main/…`. */
  readonly filename: string;
  readonly size: number;
  /** 64 hex digits. */
  readonly sha256: string;
  readonly multiArch: MultiArch;
  readonly essential: boolean;
  /** Marked `Important` or `Protected`. */
  readonly important: boolean;
  /** 1 for `required` to 5 for `extra`. */
  readonly priority: number;
  /** Relationship fields word for word; undefined where there is none. */
  readonly preDepends: string | undefined;
  readonly depends: string | undefined;
  readonly recommends: string | undefined;
  readonly conflicts: string | undefined;
  readonly breaks: string | undefined;
  readonly provides: string | undefined;
  readonly replaces: string | undefined;
}

const priorities = ['required', 'important', 'standard', 'optional', 'extra'];

/** One stanza of a Packages index; `what` names the index in messages. */
export function readRecord(text: string, what: string): PackageRecord {
  const stanza = parseSingleControl(text, what);
  const name = requiredField(stanza, 'package', what);
  const its = `${what}, package ${name},`;
  return {
    name,
    version: versionOf(stanza, its),
    architecture: requiredField(stanza, 'architecture', its),
    source: (fieldOf(stanza, 'source') ?? name).replace(/\s*\(.*$/, ''),
    filename: filenameOf(stanza, its),
    size: sizeOf(stanza, its),
    sha256: sha256Of(stanza, its),
    ...choiceFields(stanza),
    ...relations(stanza),
  };
}

function choiceFields(stanza: Stanza) {
  const priority = priorities.indexOf((fieldOf(stanza, 'priority') ?? '').toLowerCase());
  return {
    multiArch: multiArchOf(fieldOf(stanza, 'multi-arch')),
    essential: isYes(fieldOf(stanza, 'essential')),
    important: isYes(fieldOf(stanza, 'important')) || isYes(fieldOf(stanza, 'protected')),
    priority: priority < 0 ? priorities.length : priority + 1,
  };
}

function multiArchOf(text: string | undefined): MultiArch {
  return text === 'same' || text === 'foreign' || text === 'allowed' ? text : 'no';
}

function relations(stanza: Stanza) {
  return {
    preDepends: fieldOf(stanza, 'pre-depends'),
    depends: fieldOf(stanza, 'depends'),
    recommends: fieldOf(stanza, 'recommends'),
    conflicts: fieldOf(stanza, 'conflicts'),
    breaks: fieldOf(stanza, 'breaks'),
    provides: fieldOf(stanza, 'provides'),
    replaces: fieldOf(stanza, 'replaces'),
  };
}

function versionOf(stanza: Stanza, what: string): string {
  const version = requiredField(stanza, 'version', what);
  if (!isVersion(version)) throw malformed(what, 'has a version that is none');
  return version;
}

/** Relative, and not out of the mirror: it becomes part of a URL and of the lock. */
function filenameOf(stanza: Stanza, what: string): string {
  const filename = requiredField(stanza, 'filename', what).replace(/^\.\//, '');
  const isPlain = filename.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isPlain || !/^[!-~]+$/.test(filename))
    throw malformed(what, 'has a Filename that is no path in a mirror');
  return filename;
}

function sizeOf(stanza: Stanza, what: string): number {
  const text = requiredField(stanza, 'size', what);
  if (!/^[0-9]{1,15}$/.test(text)) throw malformed(what, 'has a Size that is no number');
  return Number(text);
}

function sha256Of(stanza: Stanza, what: string): string {
  const text = requiredField(stanza, 'sha256', what).toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(text)) throw malformed(what, 'has a SHA256 that is none');
  return text;
}
