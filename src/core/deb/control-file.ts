/**
 * Control files: stanzas of `Field: value` (deb822(5)), as in Packages, Release, .sources and the control member of a
 * package. Read strictly: what is no field, no continuation and no comment is refused, and so is a field given twice.
 * Names of fields are kept as written and found whatever their case.
 */
import { quoteText } from '../diagnostic/escape-text.ts';
import { malformed } from './deb-error.ts';

/** The fields of one stanza by their name in lower case, in the file's order. */
export interface Stanza {
  readonly fields: ReadonlyMap<string, ControlField>;
}

export interface ControlField {
  /** As written. */
  readonly name: string;
  /**
   * Without the blanks around its lines' ends; continuation lines follow after a line feed, their leading blank kept.
   */
  readonly value: string;
}

/** `what` names the file in messages. CRLF is read as LF; comments begin with `#` in the first column. */
export function parseControl(text: string, what: string): Stanza[] {
  const stanzas: Stanza[] = [];
  let fields = new Map<string, { name: string; value: string }>();
  let last: { name: string; value: string } | undefined;
  const lines = text.split('\n');
  for (const [number, written] of lines.entries()) {
    const line = written.trimEnd();
    if (line.startsWith('#')) continue;
    if (line === '') {
      // A line of blanks alone inside a stanza is how some archives end one; deb822(5) lets a reader take it so.
      if (fields.size > 0) stanzas.push({ fields });
      fields = new Map();
      last = undefined;
    } else if (isBlank(line)) {
      if (last === undefined) throw badLine(what, number, 'continues no field');
      last.value += `\n${line}`;
    } else {
      last = readField(line);
      if (last === undefined) throw badLine(what, number, 'is no field');
      const key = last.name.toLowerCase();
      if (fields.has(key)) throw badLine(what, number, `gives ${quoteText(last.name)} a second time`);
      fields.set(key, last);
    }
  }
  if (fields.size > 0) stanzas.push({ fields });
  return stanzas;
}

/** The only stanza of a file that must have one. */
export function parseSingleControl(text: string, what: string): Stanza {
  const [stanza, second] = parseControl(text, what);
  if (stanza === undefined) throw malformed(what, 'is empty');
  if (second !== undefined) throw malformed(what, 'has more than one stanza');
  return stanza;
}

/** The value of a field, or undefined. `name` in lower case. */
export function fieldOf(stanza: Stanza, name: string): string | undefined {
  return stanza.fields.get(name)?.value;
}

/** The value of a field that must be there and not empty. */
export function requiredField(stanza: Stanza, name: string, what: string): string {
  const value = fieldOf(stanza, name);
  if (value === undefined || value === '') throw malformed(what, `has no field ${quoteText(name)}`);
  return value;
}

/** A value that is a list of words between blanks, on any number of lines. */
export function wordsOf(value: string | undefined): string[] {
  return (value ?? '').split(/\s+/).filter((word) => word !== '');
}

export function isYes(value: string | undefined): boolean {
  return value?.toLowerCase() === 'yes';
}

function isBlank(line: string): boolean {
  return line.startsWith(' ') || line.startsWith('\t');
}

/** Names are printable ASCII without blanks and colons, and begin neither with `#` nor with `-` (deb822(5)). */
function readField(line: string): { name: string; value: string } | undefined {
  const match = /^([!-9;-~]+):[ \t]*(.*)$/.exec(line);
  const [, name = '', value = ''] = match ?? [];
  return name === '' || name.startsWith('-') ? undefined : { name, value };
}

function badLine(what: string, index: number, found: string): Error {
  return malformed(what, `cannot be read: line ${String(index + 1)} ${found}`);
}
