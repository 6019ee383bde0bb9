/** Starts Debian's docker-registry (distribution 2.8.2) on a free loopback port, with its files in a temporary folder. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Certificate } from './certificate.ts';
import { endsWithUs } from './ends-with-us.ts';
import { processFolder } from './process-folder.ts';

export interface DockerRegistryOptions {
  readonly tls?: Certificate;
  /** Accounts for basic authentication (needs htpasswd). */
  readonly accounts?: Readonly<Record<string, string>>;
  /** Bearer tokens, signed by this certificate's key. */
  readonly tokens?: {
    readonly realm: string;
    readonly service: string;
    readonly issuer: string;
    readonly signer: Certificate;
  };
}

export interface DockerRegistry {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** Where it keeps `blobs/` and `repositories/`. */
  readonly data: string;
  /** The access log so far, one request a line. */
  accessLog(): string;
  stop(): Promise<void>;
}

export function hasProgram(...names: readonly string[]): boolean {
  try {
    for (const name of names) execFileSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export async function startDockerRegistry(options: DockerRegistryOptions = {}): Promise<DockerRegistry> {
  const folder = processFolder(tmpdir(), 'lw-registry');
  const config = join(folder, 'config.json');
  await writeFile(config, JSON.stringify(await configuration(folder, options)));
  const [access, log] = [join(folder, 'access.log'), join(folder, 'log')];
  // Files, since a test that waits for a command reads no pipe meanwhile.
  const [out, err] = [openSync(access, 'w'), openSync(log, 'w')];
  const [program, ...words] = endsWithUs('KILL', 'docker-registry', 'serve', config);
  const child = spawn(program, words, {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, OTEL_TRACES_EXPORTER: 'none' },
    stdio: ['ignore', out, err],
  });
  closeSync(out);
  closeSync(err);
  const port = await listeningPort(child, log);
  return {
    host: `127.0.0.1:${port}`,
    data: join(folder, 'data/docker/registry/v2'),
    accessLog: () => readFileSync(access, 'utf8'),
    stop: async () => {
      await ended(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// The configuration is YAML, of which JSON is a part.
async function configuration(folder: string, options: DockerRegistryOptions): Promise<object> {
  const { tls, tokens } = options;
  const auth =
    options.accounts === undefined
      ? tokens && {
          token: {
            realm: tokens.realm,
            service: tokens.service,
            issuer: tokens.issuer,
            rootcertbundle: tokens.signer.certificateFile,
          },
        }
      : { htpasswd: { realm: 'test-realm', path: await passwordFile(folder, options.accounts) } };
  return {
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: false } },
    storage: { filesystem: { rootdirectory: join(folder, 'data') }, delete: { enabled: true } },
    http: {
      addr: '127.0.0.1:0',
      secret: 'abc',
      ...(tls && { tls: { certificate: tls.certificateFile, key: tls.keyFile } }),
    },
    ...(auth && { auth }),
  };
}

async function passwordFile(folder: string, accounts: Readonly<Record<string, string>>): Promise<string> {
  const path = join(folder, 'htpasswd');
  const lines = Object.entries(accounts).map(([name, password]) =>
    execFileSync('htpasswd', ['-Bbn', '-C', '4', name, password], { encoding: 'utf8' }).trim(),
  );
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

// The registry logs the address it got: `listening on 127.0.0.1:39231`.
async function listeningPort(child: ChildProcess, log: string): Promise<string> {
  let failure: Error | undefined;
  child.on('error', (error) => (failure = error));
  for (let waited = 0; waited < 600; waited += 1) {
    const port = /listening on 127\.0\.0\.1:(\d+)/.exec(readFileSync(log, 'utf8'))?.[1];
    if (port !== undefined) return port;
    if (failure !== undefined || child.exitCode !== null) break;
    await pause(50);
  }
  child.kill('SIGKILL');
  throw failure ?? new Error(`docker-registry did not start:\n${readFileSync(log, 'utf8')}`);
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) {
      resolve();
      return;
    }
    child.once('exit', () => {
      resolve();
    });
    child.kill('SIGKILL');
  });
}
