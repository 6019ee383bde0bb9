/** What the catalogue says of a code; docs/diagnostics.md and `explain CODE` are made from it. */
import type { ExitName } from './exit-code.ts';

export interface CatalogueEntry {
  /** How the command ends when this is the gravest problem. Absent for codes that are only ever warnings. */
  readonly exit?: ExitName;
  /** One sentence: what the code means. */
  readonly summary: string;
  /** Whether trying the same again may succeed. */
  readonly retryable?: true;
}

export type CatalogueArea<Area extends string> = Readonly<Record<`${Area}/${string}`, CatalogueEntry>>;
