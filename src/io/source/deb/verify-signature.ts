/**
 * Whether a Release file is signed by a key of a keyring: InRelease, a text signed in the clear, or Release with
 * Release.gpg beside it (RFC 9580, 7 and 10). Only what the signature covers is given back. At least one signature must
 * be good and made by a key of the keyring that may sign and has not expired; a wrong one by a key that is known refuses
 * the file whatever else stands beside it, as apt does.
 */
import type { Key, VerifyMessageResult } from 'openpgp';
import { escapeText } from '../../../core/diagnostic/escape-text.ts';
import { DebError } from '../../../core/deb/deb-error.ts';
import type { Keyring } from './keyring.ts';

export interface SignedFile {
  /** Where it came from, for messages. */
  readonly url: string;
  readonly keyring: Keyring;
  /** When keys must not have expired; undefined for an archive of the past, where the signature's own time counts. */
  readonly now: Date | undefined;
}

/** The text that InRelease signs. */
export async function verifyInline(bytes: Uint8Array, file: SignedFile): Promise<string> {
  const { readCleartextMessage, verify } = await import('openpgp');
  const text = Buffer.from(bytes).toString('utf8');
  requireOneMessage(text, file);
  return checked(file, async (options) => {
    const message = await readCleartextMessage({ cleartextMessage: text });
    const { signatures, data } = await verify({ message, ...options });
    return { signatures, data };
  });
}

/** The text of Release, which `signature` (Release.gpg) signs. */
export async function verifyDetached(
  bytes: Uint8Array,
  signature: Uint8Array,
  file: SignedFile,
): Promise<string> {
  const { createMessage, readSignature, verify } = await import('openpgp');
  await checked(file, async (options) => {
    const isArmored = Buffer.from(signature.subarray(0, 5)).toString('latin1') === '-----';
    const read = isArmored
      ? await readSignature({ armoredSignature: Buffer.from(signature).toString('latin1') })
      : await readSignature({ binarySignature: signature });
    const message = await createMessage({ binary: bytes });
    const { signatures } = await verify({ message, signature: read, ...options, format: 'binary' });
    return { signatures, data: '' };
  });
  return Buffer.from(bytes).toString('utf8');
}

/** Nothing may stand around the signed text: a reader that is less strict would take it for signed. */
function requireOneMessage(text: string, file: SignedFile): void {
  const lines = text.split(/\r?\n/);
  const marks = lines.filter((line) => /^-----(?:BEGIN|END) PGP/.test(line));
  const ends = lines.findLastIndex((line) => line !== '');
  const isOne =
    marks.length === 3 &&
    lines[0] === '-----BEGIN PGP SIGNED MESSAGE-----' &&
    marks[1] === '-----BEGIN PGP SIGNATURE-----' &&
    lines[ends] === '-----END PGP SIGNATURE-----';
  if (!isOne) throw badSignature(file, 'is not one text signed in the clear');
}

interface Verified {
  readonly signatures: VerifyMessageResult['signatures'];
  /** What was signed, where it is text. */
  readonly data: string;
}

interface VerifyOptions {
  readonly verificationKeys: Key[];
  readonly date?: Date;
}

async function checked(
  file: SignedFile,
  verify: (options: VerifyOptions) => Promise<Verified>,
): Promise<string> {
  const { keyring, now } = file;
  let result: Verified;
  try {
    result = await verify({ verificationKeys: [...keyring.keys], ...(now && { date: now }) });
  } catch (error) {
    throw badSignature(file, `has no signature that can be read: ${wordsOf(error)}`);
  }
  await requireGood(result.signatures, file);
  return result.data;
}

async function requireGood(signatures: VerifyMessageResult['signatures'], file: SignedFile): Promise<void> {
  const unknown: string[] = [];
  const problems: string[] = [];
  let good = 0;
  for (const { keyID, verified } of signatures) {
    const name = keyID.toHex().toUpperCase();
    const owner = file.keyring.keys.find((key) => key.getKeys(keyID).length > 0);
    if (owner === undefined) {
      // Its promise fails as well, which would end the program if nobody listened.
      verified.catch(() => undefined);
      unknown.push(name);
      continue;
    }
    const problem = await problemOf(verified, { owner, keyID, now: file.now });
    if (problem === undefined) good += 1;
    else problems.push(`${name}: ${problem}`);
  }
  if (good > 0 && problems.every((problem) => problem.endsWith(expired))) return;
  if (problems.length > 0) throw badSignature(file, `has a bad signature (${problems.join('; ')})`);
  const made = unknown.length === 0 ? 'has no signature' : `is signed by ${unknown.join(', ')}`;
  throw badSignature(file, `${made}, and by no key of ${escapeText(file.keyring.shown)}`);
}

const expired = 'the key has expired or was revoked';

async function problemOf(
  verified: Promise<unknown>,
  by: {
    readonly owner: Key;
    readonly keyID: Parameters<Key['getSigningKey']>[0];
    readonly now: Date | undefined;
  },
): Promise<string | undefined> {
  try {
    await verified;
  } catch (error) {
    return wordsOf(error);
  }
  if (by.now === undefined) return undefined;
  try {
    await by.owner.getSigningKey(by.keyID, by.now);
    return undefined;
  } catch {
    return expired;
  }
}

function wordsOf(error: unknown): string {
  return escapeText(error instanceof Error ? error.message : String(error));
}

function badSignature({ url, keyring }: SignedFile, found: string): DebError {
  const message = `${escapeText(url)} ${found}`;
  return new DebError('deb/bad-signature', message, {
    help: `it was held against the keyring ${escapeText(keyring.shown)}: correct \`mirror\` or \`keyring\`, or ask whoever keeps the archive`,
  });
}
