/** A token server for docker-registry (distribution: docs/spec/auth/jwt.md): RS256, with the certificate in the token. */
import { createPrivateKey, createSign, randomUUID, X509Certificate } from 'node:crypto';
import type { Certificate } from './certificate.ts';
import { type RecordedRequest, type RecordingListener, json, startListener } from './recording-listener.ts';

export interface TokenServerOptions {
  readonly signer: Certificate;
  readonly service: string;
  readonly issuer: string;
  /** Accounts that may push; anonymous callers may pull. */
  readonly accounts: Readonly<Record<string, string>>;
}

export async function startTokenServer(options: TokenServerOptions): Promise<RecordingListener> {
  return await startListener((request) => {
    const account = accountOf(request, options.accounts);
    if (account === 'wrong') return json(401, { details: 'incorrect username or password' });
    const access = request.query.getAll('scope').map((scope) => granted(scope, account));
    return json(200, { token: sign(options, { account: account ?? '', access }), expires_in: 300 });
  });
}

/** The user's name, undefined for anonymous callers. */
function accountOf(request: RecordedRequest, accounts: TokenServerOptions['accounts']): string | undefined {
  const [, encoded] = /^Basic (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (encoded === undefined) return undefined;
  const [name = '', password] = Buffer.from(encoded, 'base64').toString().split(':');
  return password !== undefined && accounts[name] === password ? name : 'wrong';
}

function granted(scope: string, account: string | undefined): object {
  const [type, name, actions = ''] = scope.split(':');
  const allowed = account === undefined ? ['pull'] : ['pull', 'push', 'delete'];
  return { type, name, actions: actions.split(',').filter((action) => allowed.includes(action)) };
}

function sign(options: TokenServerOptions, claims: { account: string; access: readonly object[] }): string {
  const der = new X509Certificate(options.signer.certificate).raw.toString('base64');
  const now = Math.floor(Date.now() / 1000);
  const head = { typ: 'JWT', alg: 'RS256', x5c: [der] };
  const body = {
    iss: options.issuer,
    sub: claims.account,
    aud: options.service,
    exp: now + 300,
    nbf: now - 10,
    iat: now,
    jti: randomUUID(),
    access: claims.access,
  };
  const text = [head, body].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = createSign('RSA-SHA256').update(text).sign(createPrivateKey(options.signer.key));
  return `${text}.${signature.toString('base64url')}`;
}
