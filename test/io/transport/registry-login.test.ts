import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RegistrySettings } from '../../../src/io/registry/registry-settings.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { storeImage } from '../../../src/io/transport/copy-image.ts';
import { deliverToRegistry, openRegistryImage } from '../../../src/io/transport/registry.ts';
import { type Certificate, makeCertificate } from '../../rigs/certificate.ts';
import {
  type DockerRegistry,
  type DockerRegistryOptions,
  hasProgram,
  startDockerRegistry,
} from '../../rigs/docker-registry.ts';
import {
  canary,
  canaryFor,
  failureOf,
  makeHarness,
  never,
  stopEverything,
  stopLater,
} from '../../rigs/registry-harness.ts';
import { startTokenServer } from '../../rigs/token-server.ts';

import { contextOf, referenceTo, sample } from '../../rigs/registry-sample.ts';

const run = promisify(execFile);
const missing = !hasProgram('docker-registry', 'skopeo', 'openssl', 'htpasswd');

afterEach(stopEverything);

describe.skipIf(missing)(
  'a docker-registry that wants to know who we are (needs docker-registry, skopeo, openssl, htpasswd)',
  () => {
    let certificate: Certificate;

    beforeAll(async () => {
      certificate = await makeCertificate();
    });

    afterAll(async () => {
      await certificate.remove();
    });

    async function start(options: DockerRegistryOptions): Promise<DockerRegistry> {
      return stopLater(await startDockerRegistry(options));
    }

    /** Pushes, pulls, and lets skopeo copy with alice's password; gives back the harness. */
    async function roundTrip(
      registry: DockerRegistry,
      given: Partial<RegistrySettings>,
      skopeoOptions: readonly string[],
    ): Promise<void> {
      const image = await sample();
      const harness = makeHarness({ credentials: canaryFor(registry.host), ...given });
      const reference = referenceTo(registry.host);
      await deliverToRegistry({ ...image, references: [] }, { reference, tags: ['1'] }, contextOf(harness));
      const source = await openRegistryImage({ ...reference, tag: '1' }, contextOf(harness));
      expect(source.root).toEqual(image.root);
      const { blobs } = createMemoryStore();
      await storeImage(source, blobs, { signal: never });
      const argv = [
        'inspect',
        '--raw',
        '--creds',
        `alice:${canary}`,
        ...skopeoOptions,
        `docker://${registry.host}/team/app:1`,
      ];
      const { stdout: raw } = await run('skopeo', argv, { encoding: 'buffer' });
      expect(raw.equals(Buffer.from(await blobs.readAll(image.root.digest, 1_000_000)))).toBe(true);
    }

    test('by a password over TLS', async () => {
      const registry = await start({ tls: certificate, accounts: { alice: canary } });
      const folder = await mkdtemp(join(tmpdir(), 'lw-certs-'));
      stopLater({ stop: () => rm(folder, { recursive: true, force: true }) });
      await writeFile(join(folder, 'ca.crt'), certificate.certificate);
      const ca = certificate.certificate;
      await roundTrip(registry, { ca }, ['--cert-dir', folder]);
      const nobody = makeHarness({ ca });
      const error = await failureOf(
        openRegistryImage({ ...referenceTo(registry.host), tag: '1' }, contextOf(nobody)),
      );
      expect(error.code).toBe('registry/unauthorised');
      expect(error.message).toContain(
        '(UNAUTHORIZED: authentication required); credentials: none were found',
      );
    });

    test('by a token', async () => {
      const [service, issuer] = ['test-registry', 'test-issuer'];
      const tokens = stopLater(
        await startTokenServer({ signer: certificate, service, issuer, accounts: { alice: canary } }),
      );
      const realm = `${tokens.origin}/token`;
      const registry = await start({ tokens: { realm, service, issuer, signer: certificate } });
      const authRealms = [{ registry: registry.host, realm: tokens.host }];
      await roundTrip(registry, { authRealms }, ['--tls-verify=false']);

      const nobody = makeHarness({ authRealms });
      const reference = referenceTo(registry.host);
      const image = await sample();
      const pulled = await openRegistryImage({ ...reference, tag: '1' }, contextOf(nobody));
      expect(pulled.root.digest).toBe(image.root.digest);
      const pushed = deliverToRegistry(
        { ...image, references: [] },
        { reference, tags: ['2'] },
        contextOf(nobody),
      );
      const error = await failureOf(pushed);
      expect(error.code).toBe('registry/unauthorised');
      expect(error.message).toContain('credentials: none were found');
    });

    test('by a token, and a mount asks for both repositories', async () => {
      const [service, issuer] = ['test-registry', 'test-issuer'];
      const tokens = stopLater(
        await startTokenServer({ signer: certificate, service, issuer, accounts: { alice: canary } }),
      );
      const registry = await start({
        tokens: { realm: `${tokens.origin}/token`, service, issuer, signer: certificate },
      });
      const authRealms = [{ registry: registry.host, realm: tokens.host }];
      const context = contextOf(makeHarness({ credentials: canaryFor(registry.host), authRealms }));
      const image = { ...(await sample()), references: [] };
      await deliverToRegistry(image, { reference: referenceTo(registry.host, 'base'), tags: ['1'] }, context);
      const target = { reference: referenceTo(registry.host, 'derived'), tags: ['1'] };
      await deliverToRegistry({ ...image, mountFrom: 'base' }, target, context);
      expect(registry.accessLog()).not.toMatch(/"PUT \/v2\/derived\/blobs/);
    });
  },
);
