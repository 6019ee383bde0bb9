/**
 * What looks like a secret: names that tools keep credentials under, and private keys. recipe.md: secrets never enter
 * an image unless `allowSecrets` lists them; below a node_modules, where packages carry test keys, they are a warning.
 */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { compileGlob } from '../../core/tree/compile-glob.ts';
import { baseName, type ImagePath } from '../../core/tree/image-path.ts';
import type { SourceProblem } from './problem-collector.ts';

export interface FoundSecret {
  readonly path: ImagePath;
  /** The end of a sentence: `…, which usually holds credentials`. */
  readonly why: string;
}

const credentials = 'which usually holds credentials';
const privateKey = 'which usually is a private key';

const names: readonly (readonly [RegExp, string])[] = [
  [/^\.env/, credentials],
  [/^\.npmrc$/, credentials],
  [/^\.git$/, 'which holds the whole history'],
  [/^id_(?:rsa|dsa|ecdsa|ed25519|xmss)(?:_sk)?$/, privateKey],
  [/\.(?:p12|pfx|ppk)$/i, privateKey],
];

/** What a name alone says, of a file or a folder. */
export function secretByName(path: ImagePath): FoundSecret | undefined {
  const name = baseName(path);
  const found = names.find(([pattern]) => pattern.test(name));
  return found === undefined ? undefined : { path, why: found[1] };
}

/** Whether a file's name says that its content decides. */
export function mayHoldKey(path: ImagePath): boolean {
  return /\.(?:pem|key|priv|private)$/i.test(baseName(path));
}

/** How much of such a file is looked at: a key may stand behind a chain of certificates. */
export const lookedAt = 1 << 16;

/** What the first bytes of a file say. RFC 7468, 10 and 11, and what came before it: `-----BEGIN RSA PRIVATE KEY-----`. */
export function secretByContent(path: ImagePath, start: Uint8Array): FoundSecret | undefined {
  const text = Buffer.from(start).toString('latin1');
  const found = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/.test(text);
  return found ? { path, why: 'which holds a private key' } : undefined;
}

export function isAllowedSecret(path: ImagePath, allowSecrets: readonly string[]): boolean {
  return allowSecrets.some((glob) => compileGlob(glob)(path));
}

export function isInDependency(path: ImagePath): boolean {
  return path.split('/').slice(0, -1).includes('node_modules');
}

export function secretProblem({ path, why }: FoundSecret): SourceProblem {
  return {
    code: 'source/secret',
    message: `${quoteText(path)} would be copied, ${why}`,
    help: `leave it out by \`exclude\`, or allow it: allowSecrets: [${JSON.stringify(path)}]`,
  };
}

/** One warning for all that stand below a node_modules. */
export function dependencySecrets(found: readonly FoundSecret[]): SourceProblem {
  const few = found.slice(0, 3).map(({ path }) => quoteText(path));
  const more = found.length - few.length;
  const list = `${few.join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
  return {
    code: 'source/secret-in-dependency',
    message: `what looks like secrets is copied from dependencies: ${list}`,
    help: 'list them in `exclude` to leave them out, or in `allowSecrets` to say that they are known',
  };
}
