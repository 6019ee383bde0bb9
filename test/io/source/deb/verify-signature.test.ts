import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KeyringPlace, readKeyring } from '../../../../src/io/source/deb/keyring.ts';
import { verifyDetached, verifyInline } from '../../../../src/io/source/deb/verify-signature.ts';
import { type ScratchFolder, scratchFolder } from '../../../rigs/scratch-folder.ts';
import { hasGpg, makeSigningKey, type SigningKey } from '../../../rigs/signing-key.ts';

const text = 'Suite: stable\nCodename: stable\n - a line that begins with a dash\nSHA256:\n';
const url = 'http://mirror/dists/stable/InRelease';

describe.skipIf(!hasGpg)('signatures of Release files (needs gpg)', () => {
  let scratch: ScratchFolder;
  let key: SigningKey;
  let other: SigningKey;
  let old: SigningKey;
  beforeAll(() => {
    scratch = scratchFolder('signatures');
    key = makeSigningKey();
    other = makeSigningKey({ algorithm: 'rsa2048' });
    old = makeSigningKey({ expired: true });
  });
  afterAll(() => {
    for (const one of [key, other, old]) one.remove();
    scratch.remove();
  });

  function place(name: string, bytes: Uint8Array): KeyringPlace {
    const path = join(scratch.path, name);
    writeFileSync(path, bytes);
    return { in: 'file', path, shown: name };
  }

  async function file(keys: readonly SigningKey[], now: Date | undefined = new Date()) {
    const keyring = await readKeyring({
      places: [place('keys.gpg', Buffer.concat(keys.map(({ keyring: bytes }) => bytes)))],
      fingerprints: [],
    });
    return { url, keyring, now };
  }

  it('gives the text of InRelease that a key of the keyring signed', async () => {
    expect((await verifyInline(key.signInline(text), await file([other, key]))).trimEnd()).toBe(
      text.trimEnd(),
    );
  });

  it('takes Release.gpg for Release, of rsa too', async () => {
    const signed = await verifyDetached(Buffer.from(text), other.signDetached(text), await file([other]));
    expect(signed).toBe(text);
    await expect(
      verifyDetached(Buffer.from(`${text}x`), other.signDetached(text), await file([other])),
    ).rejects.toMatchObject({ code: 'deb/bad-signature' });
  });

  it('reads armored keyrings, several blocks of them, and keys that stand in the apt source', async () => {
    const both = `${String(other.armoured)}\n${String(key.armoured)}`;
    const armored = await readKeyring({ places: [place('keys.asc', Buffer.from(both))], fingerprints: [] });
    const inSource = await readKeyring({
      places: [{ in: 'text', text: both, shown: 'there' }],
      fingerprints: [],
    });
    expect([armored.keys.length, inSource.keys.length]).toEqual([2, 2]);
    const signed = key.signInline(text);
    // Not before: a signature says its second, and one of the next second would be of the future.
    const now = new Date();
    expect(await verifyInline(signed, { url, keyring: armored, now })).toContain('Suite: stable');
  });

  it('refuses what another key signed, and names both', async () => {
    const refused = verifyInline(other.signInline(text), await file([key]));
    await expect(refused).rejects.toMatchObject({ code: 'deb/bad-signature' });
    await expect(refused).rejects.toThrow(url);
    await expect(refused).rejects.toThrow(other.fingerprint.slice(-16));
    await expect(refused).rejects.toThrow('keys.gpg');
  });

  it('takes no key but those that Signed-By names by fingerprint', async () => {
    const places = [place('two.gpg', Buffer.concat([key.keyring, other.keyring]))];
    const keyring = await readKeyring({ places, fingerprints: [other.fingerprint] });
    await expect(verifyInline(key.signInline(text), { url, keyring, now: new Date() })).rejects.toMatchObject(
      {
        code: 'deb/bad-signature',
      },
    );
  });

  it('refuses a text that was changed, and text before, behind and between', async () => {
    const signed = String(key.signInline(text));
    const changed = [
      signed.replace('Suite: stable', 'Suite: stabile'),
      `Suite: evil\n${signed}`,
      `${signed}Suite: evil\n`,
      `${signed}${signed}`,
      text,
      '',
    ];
    for (const one of changed) {
      await expect(verifyInline(Buffer.from(one), await file([key]))).rejects.toMatchObject({
        code: 'deb/bad-signature',
      });
    }
  });

  it('refuses a key that has expired, but not for an archive of the past', async () => {
    const signed = old.signInline(text);
    await expect(verifyInline(signed, await file([old]))).rejects.toThrow('expired');
    const { keyring } = await file([old]);
    expect(await verifyInline(signed, { url, keyring, now: undefined })).toContain('Suite: stable');
  });

  it('says which keyring is not there, or is none', async () => {
    const missing: KeyringPlace = {
      in: 'file',
      path: join(scratch.path, 'nowhere.gpg'),
      shown: 'nowhere.gpg',
    };
    await expect(readKeyring({ places: [missing], fingerprints: [] })).rejects.toThrow(
      'nowhere.gpg is not there',
    );
    for (const bytes of ['', 'no keys at all', '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n']) {
      const places = [place('bad.gpg', Buffer.from(bytes))];
      await expect(readKeyring({ places, fingerprints: [] })).rejects.toMatchObject({ code: 'deb/keyring' });
    }
    await expect(readKeyring({ places: [], fingerprints: [] })).rejects.toMatchObject({
      code: 'deb/keyring',
    });
  });
});
