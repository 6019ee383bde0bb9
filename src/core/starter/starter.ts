/** The first recipe of a project, before it is text: what was found, and what follows from it. */
import type { DiagnosticCode } from '../diagnostic/catalogue.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { escapeText } from '../diagnostic/escape-text.ts';

export interface Starter {
  /** What the project was taken for, for people: `npm project`, `static site in public`. */
  readonly project: string;
  /** What that was seen by: `package-lock.json`, `dist/server.js (scripts.start)`. */
  readonly seen: readonly string[];
  /** What the project calls itself, or a repository that it names. */
  readonly name?: string;
  /** The folder that paths are relative to, seen from the project's, where it is not that: `../..`. */
  readonly context?: string;
  readonly from: string;
  readonly user?: string;
  readonly workdir?: string;
  readonly layers: readonly StarterLayer[];
  readonly ports?: readonly number[];
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  /** Commands that have to run before the first build. */
  readonly before: readonly string[];
  readonly warnings: readonly Diagnostic[];
}

export type StarterLayer = StarterCopy | StarterPackages;

/** The production packages of the project, and its package.json, without an installation. */
export interface StarterPackages {
  readonly npm: string;
  /** That of the base, where it is not Debian's. */
  readonly libc?: 'musl';
  /** Stands behind the layer as a comment. */
  readonly note?: string;
}

export interface StarterCopy {
  readonly copy: string;
  readonly to?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  /** Stands behind the layer as a comment. */
  readonly note?: string;
}

/** On another base than the one that was chosen: packages follow its library of C. */
export function standingOn(starter: Starter, from: string): Starter {
  if (!from.includes('alpine')) return { ...starter, from };
  const layers = starter.layers.map((layer) =>
    'npm' in layer ? ({ ...layer, libc: 'musl' } as const) : layer,
  );
  return { ...starter, from, layers };
}

/** Names in `message` and `help` are as the project writes them, and are escaped here. */
export function warningOf(code: DiagnosticCode, message: string, help: string): Diagnostic {
  return { code, severity: 'warning', message: escapeText(message), help: escapeText(help) };
}

/** What a copy of the project's own folder leaves out: hidden files, and what layerwright keeps there. */
export const neverCopied: readonly string[] = ['.*', 'oci.config.*', 'oci.lock'];
