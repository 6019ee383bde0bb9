/** Who may use the server: basic authentication (RFC 7617) against accounts that were given at its start. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Refusal } from './refusal.ts';
import { ServeError } from './serve-error.ts';

export interface Account {
  readonly user: string;
  readonly password: string;
}

/** Throws Refusal UNAUTHORIZED, with a challenge, for whoever is none of them. */
export type Gate = (authorization: string | undefined) => void;

/** Without accounts everybody may pass. */
export function gateFor(accounts: readonly Account[]): Gate {
  const known = accounts.map(({ user, password }) => hashOf(`${user}:${password}`));
  return (authorization) => {
    if (known.length === 0 || isKnown(known, pairIn(authorization))) return;
    throw new Refusal('UNAUTHORIZED', 'a user name and a password of this server are needed', {
      headers: { 'www-authenticate': 'Basic realm="layerwright", charset="UTF-8"' },
    });
  };
}

/**
 * `USER:PASSWORD`, one a line; empty lines and those that begin with `#` say nothing. Throws ServeError
 * `serve/bad-account`, which quotes nothing of the text.
 */
export function parseAccounts(text: string, source: string): readonly Account[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line === '' || line.startsWith('#')) return [];
    const colon = line.indexOf(':');
    if (colon > 0 && colon < line.length - 1) {
      return [{ user: line.slice(0, colon), password: line.slice(colon + 1) }];
    }
    const message = `line ${String(index + 1)} of ${source} is not USER:PASSWORD`;
    throw new ServeError('serve/bad-account', message, {
      help: 'write one account a line, its name and its password with a colon between them',
    });
  });
}

function pairIn(authorization: string | undefined): string {
  const encoded = /^basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization ?? '')?.[1];
  return encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
}

/** Every account is compared, each in constant time: how long it takes tells nothing. */
function isKnown(known: readonly Buffer[], pair: string): boolean {
  const given = hashOf(pair);
  return known.map((one) => timingSafeEqual(one, given)).includes(true);
}

function hashOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
