/**
 * An answer that is not what we wanted, as an error: its status, the registry's own words (distribution spec, Error
 * Codes), and advice that fits.
 */
import type { DiagnosticCode } from '../../core/diagnostic/catalogue.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { parseStrictJson } from '../../core/oci/strict-json.ts';
import { readBounded } from './bounded-body.ts';
import { rateLimitWords } from './rate-limit.ts';
import { RegistryError, type RequestSubject } from './registry-error.ts';
import { isPassing, parseRetryAfter } from './retry.ts';
import type { WireResponse } from './wire.ts';

export interface AnswerFacts {
  readonly subject: RequestSubject;
  /** Who answered, when it was not the registry itself: `its token server auth.example.org`. */
  readonly answerer?: string;
  readonly credentials: string;
  /** What to do about a 401 or 403, when something better is known than logging in. */
  readonly signInHelp?: string | undefined;
  /** Takes our secrets out of a text that the registry sent. */
  readonly redact: (text: string) => string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Reads at most 64 KiB of the answer and gives back the error to throw. */
export async function answerError(response: WireResponse, facts: AnswerFacts): Promise<RegistryError> {
  const said = await registryWords(response);
  const words = facts.redact(said.words);
  const code = codeOf(response.status);
  const quoted = words === '' ? '' : ` (${words})`;
  return new RegistryError(code, {
    subject: facts.subject,
    found: `${facts.answerer ?? 'the registry'} answered ${String(response.status)}${quoted}${rateLimitWords(response)}`,
    help: helpFor(response.status, said.codes, facts),
    status: response.status,
    registryCodes: said.codes,
    credentials: code === 'registry/unauthorised' ? facts.credentials : undefined,
    again: isPassing(response.status) ? 'later' : 'never',
    retryAfter: parseRetryAfter(response.header('retry-after'), facts.now),
  });
}

function codeOf(status: number): DiagnosticCode {
  if (status === 401 || status === 403) return 'registry/unauthorised';
  if (status === 404) return 'registry/not-found';
  if (isPassing(status)) return 'registry/unavailable';
  return status >= 400 ? 'registry/refused' : 'registry/unexpected-answer';
}

function helpFor(status: number, codes: readonly string[], facts: AnswerFacts): string | undefined {
  const { registry } = facts.subject;
  switch (status) {
    case 401:
    case 403:
      return facts.signInHelp ?? `log in with \`docker login ${registry}\`, or name a file with --authfile`;
    case 404:
      return codes.includes('NAME_UNKNOWN')
        ? 'create the repository first, or check its name'
        : 'check the name, the tag and whether you may read it';
    case 405:
      return 'the registry may be read-only or a cache of another one';
    case 413:
      return 'a proxy before the registry limits the size of uploads; raise its limit';
    case 429:
      return 'the registry limits how often it is asked; log in, or wait';
    default:
      return undefined;
  }
}

interface RegistryWords {
  readonly words: string;
  readonly codes: readonly string[];
}

async function registryWords(response: WireResponse): Promise<RegistryWords> {
  const nothing = { words: '', codes: [] };
  try {
    const bytes = await readBounded(response, 65_536);
    if (bytes === 'too-large') return nothing;
    const parsed = parseStrictJson(bytes);
    if (parsed.ok) return wordsOfDocument(parsed.value);
    const type = response.header('content-type') ?? '';
    return type.startsWith('text/plain')
      ? { words: clean(new TextDecoder().decode(bytes)), codes: [] }
      : nothing;
  } catch {
    // The words are a courtesy; the status alone is an answer.
    return nothing;
  }
}

// `{"errors": [{"code", "message", "detail"}]}`; token servers also say `{"details": "…"}` or `{"message": "…"}`.
function wordsOfDocument(value: unknown): RegistryWords {
  const document = asObject(value);
  const errors = Array.isArray(document['errors']) ? document['errors'].slice(0, 3).map(asObject) : [];
  const codes = errors.map((error) => error['code']).filter((code) => typeof code === 'string');
  const texts = errors.map((error) =>
    [error['code'], error['message']].filter((part) => typeof part === 'string' && part !== '').join(': '),
  );
  const other = [document['details'], document['message'], document['error_description'], document['error']];
  const words = texts.length > 0 ? texts.join('; ') : (other.find((text) => typeof text === 'string') ?? '');
  return { words: clean(words), codes };
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function clean(text: string): string {
  const escaped = escapeText(text.trim().slice(0, 1000));
  return escaped.length <= 300 ? escaped : `${escaped.slice(0, 300)}…`;
}
