/** The values of a `deb` layer: names of packages, of suites and of components, places of archives, and a date. */
import { quoteText } from '../../diagnostic/escape-text.ts';
import { joinPointer } from '../../diagnostic/source-text.ts';
import type { DebLayer } from '../recipe.ts';
import type { Check } from './check.ts';
import { checkLocalPath } from './check-path.ts';

// Debian policy 5.6.1 and 5.6.12: names of packages, and what versions are made of.
const packageName = /^[a-z0-9][a-z0-9+.-]{1,199}(?:=[0-9A-Za-z.+~:-]{1,200})?$/;
const suiteName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(?:\/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,4}$/;
const snapshotDate = /^\d{8}T\d{6}Z$/;

export function checkDebLayer(check: Check, layer: DebLayer): void {
  const at = (key: string): string => joinPointer(layer.at, key);
  layer.names.forEach((text, index) => {
    checkWord(check, joinPointer(at('deb'), index), {
      text,
      pattern: packageName,
      what: 'package',
      help: 'names are of lower-case letters, digits, `+`, `-` and `.`; NAME=VERSION asks for one version',
    });
  });
  checkSuites(check, at('suite'), layer.suites);
  checkComponents(check, at('components'), layer.components);
  if (layer.keyring !== undefined) checkLocalPath(check, at('keyring'), layer.keyring);
  checkMirrors(check, layer);
  if (layer.snapshot === undefined) return;
  checkWord(check, at('snapshot'), {
    text: layer.snapshot,
    pattern: snapshotDate,
    what: 'date of a snapshot',
    help: 'write it as YYYYMMDDTHHMMSSZ, such as 20260101T000000Z',
  });
}

function checkMirrors(check: Check, layer: DebLayer): void {
  const at = joinPointer(layer.at, 'mirror');
  layer.mirrors.forEach((mirror, index) => {
    const pointer = joinPointer(at, index);
    // A single address stands at the key itself; the reporter finds it there.
    checkAddress(check, joinPointer(pointer, 'url'), mirror.url);
    if (mirror.suites.length === 0) {
      const help = 'write `suite`, such as `suite: bookworm`';
      const message = 'the suite that is to be taken from this archive is not named';
      check.report(pointer, { code: 'recipe/missing-key', message, help });
    }
    if (mirror.suites !== layer.suites) checkSuites(check, joinPointer(pointer, 'suite'), mirror.suites);
    if (mirror.components !== layer.components) {
      checkComponents(check, joinPointer(pointer, 'components'), mirror.components);
    }
    if (mirror.keyring !== undefined && mirror.keyring !== layer.keyring) {
      checkLocalPath(check, joinPointer(pointer, 'keyring'), mirror.keyring);
    }
  });
}

function checkSuites(check: Check, at: string, suites: readonly string[]): void {
  suites.forEach((text, index) => {
    checkWord(check, joinPointer(at, index), {
      text,
      pattern: suiteName,
      what: 'suite',
      help: 'write it as the archive does: bookworm, bookworm-security',
    });
  });
}

function checkComponents(check: Check, at: string, components: readonly string[]): void {
  components.forEach((text, index) => {
    checkWord(check, joinPointer(at, index), {
      text,
      pattern: suiteName,
      what: 'component',
      help: 'write it as the archive does: main, contrib, non-free',
    });
  });
}

interface Word {
  readonly text: string;
  readonly pattern: RegExp;
  readonly what: string;
  readonly help: string;
}

function checkWord(check: Check, at: string, { text, pattern, what, help }: Word): void {
  if (!check.isKnown(text) || pattern.test(text)) return;
  check.report(at, { code: 'recipe/bad-name', message: `${quoteText(text, 60)} is no ${what}`, help });
}

function checkAddress(check: Check, at: string, text: string): void {
  if (!check.isKnown(text) || isAddress(text)) return;
  check.report(at, {
    code: 'recipe/bad-name',
    message: `${quoteText(text, 200)} is no address of an archive`,
    help: 'write http://HOST/PATH or https://HOST/PATH, without user, query or fragment',
  });
}

/** Indexes and packages are signed, so http is as good as https. */
function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash, hostname } = new URL(text);
  const isWeb = (protocol === 'http:' || protocol === 'https:') && hostname !== '';
  return isWeb && [username, password, search, hash].every((part) => part === '');
}
