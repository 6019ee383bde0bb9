/**
 * Asks a docker credential helper: `docker-credential-NAME get`, the registry on its standard input, JSON on its
 * output (docker/docker-credential-helpers, README). It has 10 seconds; its output is never quoted in an error.
 */
import { spawn } from 'node:child_process';
import { parseStrictJson } from '../../core/oci/strict-json.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import type { Credential, CredentialQuestion } from './credential.ts';
import { RegistryError } from './registry-error.ts';
import { Secret } from './secret.ts';

export interface HelperWhere {
  /** The file that names the helper. */
  readonly name: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds; 10,000 unless given. */
  readonly limit?: number;
}

const outputLimit = 1 << 20;
// What each helper prints, with exit status 1, when it has nothing for the registry.
const notFound = 'credentials not found in native keychain';

/** Errors: `registry/credential-helper`; `registry/name` for a name with a slash or a host with a line break. */
export async function askCredentialHelper(
  helper: string,
  question: CredentialQuestion,
  where: HelperWhere,
): Promise<Credential | undefined> {
  const host = question.registry === 'docker.io' ? 'https://index.docker.io/v1/' : question.registry;
  const subject = { registry: question.registry, action: 'find credentials' };
  if (!/^[A-Za-z0-9_.-]{1,100}$/.test(helper)) {
    const found = `${where.name} names a credential helper ${quoteText(helper)}, which is not a plain name`;
    throw new RegistryError('registry/name', { subject, found });
  }
  // A line break would start a second line of the helper's protocol.
  if (['\0', '\r', '\n'].some((character) => host.includes(character))) {
    throw new RegistryError('registry/name', {
      subject,
      found: `${quoteText(host)} is not the name of a host`,
    });
  }
  const program = `docker-credential-${helper}`;
  const ended = await run(program, host, where);
  const complain = (found: string): RegistryError =>
    new RegistryError('registry/credential-helper', {
      subject,
      found: `${program} (named by ${where.name}) ${found}`,
    });
  if (ended.kind === 'failed') throw complain(ended.reason);
  if (ended.status !== 0) {
    if (ended.output.toString('utf8').trim() === notFound) return undefined;
    throw complain(`ended with status ${String(ended.status)}`);
  }
  const credential = readAnswer(ended.output, program);
  if (credential === undefined) throw complain('printed something that is not a credential');
  return credential;
}

type Ended =
  | { readonly kind: 'ended'; readonly status: number | null; readonly output: Buffer }
  | { readonly kind: 'failed'; readonly reason: string };

function run(program: string, input: string, where: HelperWhere): Promise<Ended> {
  const limit = where.limit ?? 10_000;
  return new Promise((resolve) => {
    const child = spawn(program, ['get'], {
      env: { ...where.environment },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const chunks: Buffer[] = [];
    let size = 0;
    const end = (ended: Ended): void => {
      clearTimeout(timer);
      child.stdout.destroy();
      child.kill('SIGKILL');
      resolve(ended);
    };
    const timer = setTimeout(() => {
      end({ kind: 'failed', reason: `gave no answer within ${String(limit / 1000)} s` });
    }, limit);
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > outputLimit) end({ kind: 'failed', reason: 'printed more than 1 MiB' });
    });
    child.on('error', (error) => {
      end({ kind: 'failed', reason: startProblem(error) });
    });
    child.on('close', (status) => {
      end({ kind: 'ended', status, output: Buffer.concat(chunks) });
    });
    // A helper that ends without reading must not end us.
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${input}\n`);
  });
}

function startProblem(error: Error): string {
  const code = 'code' in error ? String(error.code) : error.name;
  if (code === 'ENOENT') return 'is not installed (not found on PATH)';
  return code === 'EACCES' ? 'is not executable' : `cannot be started (${code})`;
}

function readAnswer(output: Buffer, program: string): Credential | undefined {
  const parsed = parseStrictJson(output);
  if (!parsed.ok || typeof parsed.value !== 'object' || parsed.value === null) return undefined;
  const { Username: username, Secret: secret } = parsed.value as Readonly<Record<string, unknown>>;
  if (typeof username !== 'string' || typeof secret !== 'string' || secret === '') return undefined;
  // docker-credential-helpers: the user name `<token>` marks an identity token.
  if (username === '<token>') return { kind: 'identity-token', token: new Secret(secret), source: program };
  return { kind: 'password', username, password: new Secret(secret), source: program };
}
