/** A key of the test's own, made by the real gpg; what it signs, and the keyring that trusts it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from './scratch-folder.ts';

export interface SigningKey {
  /** 40 upper-case digits. */
  readonly fingerprint: string;
  /** The public key alone: binary, as `.gpg` files are, and armoured, as `.asc` files are. */
  readonly keyring: Buffer;
  readonly armoured: Buffer;
  /** The text with its signature around it: InRelease. */
  signInline(text: string): Buffer;
  /** The signature alone, armoured: Release.gpg. */
  signDetached(text: string): Buffer;
  remove(): void;
}

export interface SigningKeyOptions {
  /** As Debian's newest are, or as its oldest. */
  readonly algorithm?: 'ed25519' | 'rsa2048';
  /** Made, and used, years ago, and over since then. */
  readonly expired?: true;
}

export const hasGpg = spawnSync('gpg', ['--version'], { stdio: 'ignore' }).error === undefined;

export function makeSigningKey(options: SigningKeyOptions = {}): SigningKey {
  const scratch = scratchFolder('gpg');
  const home = join(scratch.path, 'h');
  mkdirSync(home);
  chmodSync(home, 0o700);
  const past = options.expired === undefined ? [] : ['--faked-system-time', '20200101T000000'];
  const gpg = (input: string, ...argv: readonly string[]): Buffer =>
    execFileSync('gpg', ['--homedir', home, '--batch', '--quiet', '--yes', ...past, ...argv], {
      input,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  const life = options.expired === undefined ? 'never' : '1y';
  const unlocked = ['--pinentry-mode', 'loopback', '--passphrase', ''];
  const name = 'Layerwright Test Archive <archive@example.org>';
  gpg('', ...unlocked, '--quick-generate-key', name, options.algorithm ?? 'ed25519', 'sign', life);
  return {
    fingerprint: fingerprintIn(gpg('', '--with-colons', '--list-keys').toString()),
    keyring: gpg('', '--export'),
    armoured: gpg('', '--armor', '--export'),
    signInline: (text) => gpg(text, ...unlocked, '--digest-algo', 'SHA512', '--clear-sign'),
    signDetached: (text) => gpg(text, ...unlocked, '--digest-algo', 'SHA512', '--armor', '--detach-sign'),
    remove: () => {
      // The agent that gpg left behind, by its own folder.
      spawnSync('gpgconf', ['--homedir', home, '--kill', 'all'], { stdio: 'ignore' });
      scratch.remove();
    },
  };
}

function fingerprintIn(listing: string): string {
  const found = /^fpr:+([0-9A-F]{40}):/m.exec(listing)?.[1];
  if (found === undefined) throw new Error(`gpg listed no key:\n${listing}`);
  return found;
}
