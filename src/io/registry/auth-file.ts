/**
 * Credentials from one file in docker's form (config.json; containers' auth.json is the same with repositories as keys
 * too): for each registry its `credHelpers`, then the `credsStore`, then `auths`. The text of the file is never quoted
 * in an error.
 */
import { readFile } from 'node:fs/promises';
import { parseStrictJson } from '../../core/oci/strict-json.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { askCredentialHelper } from './credential-helper.ts';
import type { Credential, CredentialQuestion, Credentials } from './credential.ts';
import { RegistryError } from './registry-error.ts';
import { Secret } from './secret.ts';

export type AuthFileSource =
  | { readonly kind: 'file'; readonly path: string; readonly missing: 'ignore' | 'fail' }
  | { readonly kind: 'text'; readonly text: string; readonly name: string };

type JsonObject = Readonly<Record<string, unknown>>;
type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the file at the first question, once. */
export function authFileCredentials(source: AuthFileSource, environment: Environment): Credentials {
  let contents: Promise<JsonObject | undefined> | undefined;
  return {
    async find(question) {
      contents ??= readSource(source, question);
      const file = await contents;
      if (file === undefined) return undefined;
      const name = escapeText(source.kind === 'file' ? source.path : source.name);
      return (
        (await fromHelper(file, question, { name, environment })) ??
        fromAuths(member(file, 'auths'), question, name)
      );
    },
  };
}

async function readSource(
  source: AuthFileSource,
  question: CredentialQuestion,
): Promise<JsonObject | undefined> {
  const name = escapeText(source.kind === 'file' ? source.path : source.name);
  const text = source.kind === 'text' ? source.text : await fileText(source, question);
  if (text === undefined) return undefined;
  const parsed = parseStrictJson(new TextEncoder().encode(text));
  if (!parsed.ok || !isObject(parsed.value)) throw fileError(question, `${name} is not a JSON object`);
  return parsed.value;
}

async function fileText(
  source: AuthFileSource & { kind: 'file' },
  question: CredentialQuestion,
): Promise<string | undefined> {
  try {
    return await readFile(source.path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    const absent = code === 'ENOENT' || code === 'ENOTDIR';
    if (absent && source.missing === 'ignore') return undefined;
    throw fileError(question, `${escapeText(source.path)} cannot be read (${code})`);
  }
}

async function fromHelper(
  file: JsonObject,
  question: CredentialQuestion,
  where: { readonly name: string; readonly environment: Environment },
): Promise<Credential | undefined> {
  const helpers = member(file, 'credHelpers');
  const keys = Object.keys(helpers);
  for (const wanted of wantedKeys(question)) {
    const key = keys.find((candidate) => normalKey(candidate) === wanted);
    const helper = key === undefined ? undefined : helpers[key];
    if (typeof helper !== 'string' || helper === '') continue;
    return await askCredentialHelper(helper, question, where);
  }
  const store = file['credsStore'];
  if (typeof store !== 'string' || store === '') return undefined;
  return await askCredentialHelper(store, question, where);
}

function fromAuths(auths: JsonObject, question: CredentialQuestion, name: string): Credential | undefined {
  const keys = Object.keys(auths);
  for (const wanted of wantedKeys(question)) {
    for (const key of keys) {
      if (normalKey(key) !== wanted) continue;
      const credential = credentialOf(member(auths, key), question, name);
      if (credential !== undefined) return credential;
    }
  }
  return undefined;
}

function credentialOf(
  entry: JsonObject,
  question: CredentialQuestion,
  source: string,
): Credential | undefined {
  const identity = text(entry, 'identitytoken');
  if (identity !== undefined) return { kind: 'identity-token', token: new Secret(identity), source };
  const encoded = text(entry, 'auth');
  if (encoded !== undefined) {
    // docker pads the decoded text with NULs in old files.
    const decoded = Buffer.from(encoded, 'base64').toString('utf8').replace(/\0+$/, '');
    const colon = decoded.indexOf(':');
    if (colon < 1) throw fileError(question, `${source}: \`auth\` is not base64 of \`user:password\``);
    const password = new Secret(decoded.slice(colon + 1));
    return { kind: 'password', username: decoded.slice(0, colon), password, source };
  }
  const [username, password] = [text(entry, 'username'), text(entry, 'password')];
  if (username === undefined || password === undefined) return undefined;
  return { kind: 'password', username, password: new Secret(password), source };
}

// containers-auth.json(5): the longest matching repository first, then the registry. Docker Hub has several names.
function wantedKeys(question: CredentialQuestion): readonly string[] {
  const hosts =
    question.registry === 'docker.io'
      ? ['docker.io', 'index.docker.io', 'registry-1.docker.io']
      : [question.registry.toLowerCase()];
  const parts = question.repository?.split('/') ?? [];
  const scopes = parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
  return [...scopes.flatMap((scope) => hosts.map((host) => `${host}/${scope}`)), ...hosts];
}

// docker's own keys are `https://index.docker.io/v1/` and `host`; old files have `https://host/v2/`.
function normalKey(key: string): string {
  const bare = key.replace(/^https?:\/\//, '').replace(/\/(?:v[12]\/?)?$/, '');
  const slash = bare.indexOf('/');
  return slash === -1 ? bare.toLowerCase() : bare.slice(0, slash).toLowerCase() + bare.slice(slash);
}

function member(object: JsonObject, name: string): JsonObject {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return isObject(value) ? value : {};
}

function text(object: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fileError(question: CredentialQuestion, found: string): RegistryError {
  const subject = { registry: question.registry, action: 'find credentials' };
  return new RegistryError('registry/credential-file', { subject, found });
}
