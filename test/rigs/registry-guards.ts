/** A docker-registry as its operators run it: open, behind passwords and TLS, or with a token server; and who may use it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate } from './certificate.ts';
import { type DockerRegistry, type DockerRegistryOptions, startDockerRegistry } from './docker-registry.ts';
import { scratchFolder } from './scratch-folder.ts';
import { startTokenServer } from './token-server.ts';

export const guards = ['no guard', 'passwords over TLS', 'bearer tokens'] as const;
export type Guard = (typeof guards)[number];

/** What the programs are that make certificates and passwords. */
export const guardNeeds = 'docker-registry, openssl, htpasswd';

export interface GuardedRegistry extends DockerRegistry {
  /** Environment of whoever may do everything; it holds for our command and for containers' tools. */
  readonly env: Readonly<Record<string, string>>;
  /** Flags of our command. */
  readonly flags: readonly string[];
  /** What containers' tools are told of TLS. */
  readonly verify: 'true' | 'false';
}

const [user, password] = ['alice', 's3cret-of-alice'];
const accounts = { [user]: password };
const [service, issuer] = ['test-registry', 'test-issuer'];

export async function startGuardedRegistry(guard: Guard): Promise<GuardedRegistry> {
  const folder = scratchFolder('guard');
  const stops: (() => unknown)[] = [
    () => {
      folder.remove();
    },
  ];
  const start = async (options: DockerRegistryOptions): Promise<DockerRegistry> => {
    const registry = await startDockerRegistry(options);
    stops.unshift(registry.stop);
    return registry;
  };
  const guarded = (registry: DockerRegistry, more: Partial<GuardedRegistry>): GuardedRegistry => {
    const env = { REGISTRY_AUTH_FILE: authFile(folder.path, registry.host), ...more.env };
    const stop = async (): Promise<void> => {
      for (const each of stops) await each();
    };
    return { ...registry, flags: [], verify: 'false', ...more, env, stop };
  };
  if (guard === 'no guard') return guarded(await start({}), {});
  const certificate = await makeCertificate();
  stops.push(() => certificate.remove());
  if (guard === 'passwords over TLS') {
    const { certificateFile } = certificate;
    const env = { NODE_EXTRA_CA_CERTS: certificateFile, SSL_CERT_FILE: certificateFile };
    return guarded(await start({ accounts, tls: certificate }), { env, verify: 'true' });
  }
  const tokens = await startTokenServer({ signer: certificate, service, issuer, accounts });
  stops.push(() => tokens.stop());
  const realm = `${tokens.origin}/token`;
  const registry = await start({ tokens: { realm, service, issuer, signer: certificate } });
  return guarded(registry, { flags: ['--auth-realm', `${registry.host}=${tokens.host}`] });
}

function authFile(folder: string, host: string): string {
  const path = join(folder, 'auth.json');
  const auth = Buffer.from(`${user}:${password}`).toString('base64');
  writeFileSync(path, JSON.stringify({ auths: { [host]: { auth } } }));
  return path;
}
