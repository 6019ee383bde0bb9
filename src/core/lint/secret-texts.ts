/**
 * What looks like a secret in a text or a name. Only forms that mean nothing else: each is fixed by who gives the
 * secrets out, so that scanners can find them.
 */
import type { ImagePath } from '../tree/image-path.ts';
import type { FileFinding } from './file-finding.ts';

const forms: readonly (readonly [what: string, pattern: RegExp])[] = [
  // The first line of the key has to follow, in a JSON text too: code that only speaks of keys holds none.
  ['a private key', /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----(?:\\n|\s){1,4}[A-Za-z0-9+/]{32}/],
  ['an AWS access key', /\b(?:AKIA|ASIA)(?![A-Z2-7]{0,9}EXAMPLE)[A-Z2-7]{16}\b/],
  [
    'an AWS secret key',
    /aws_secret_access_key["']?\s{0,4}[=:]\s{0,4}["']?(?![A-Za-z0-9/+]{0,33}EXAMPLE)[A-Za-z0-9/+]{40}\b/i,
  ],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b|:_authToken=(?!\$\{)[\w-]{16,}/],
  ['a GitHub token', /\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_\w{82}\b/],
  ['a GitLab token', /\bglpat-[\w-]{20}\b/],
  ['a Slack token', /\bxox[abprs]-\d[\w-]{20,}/],
  ['a Stripe key', /\b[rs]k_live_[A-Za-z0-9]{24,}/],
];

const names =
  /(?:^|\/)(?:\.netrc|\.pypirc|\.git-credentials|\.pgpass|\.dockercfg|\.htpasswd|\.aws\/credentials|\.docker\/config\.json|\.kube\/config|[^/]+\.tfstate)$/;

/** The kinds of secrets that a text holds, as a sentence names them. */
export function secretsIn(text: string): string[] {
  return forms.flatMap(([what, pattern]) => (pattern.test(text) ? [what] : []));
}

export function secretFindings(name: string, text: string): FileFinding[] {
  return secretsIn(text).map((what) => secretFinding(name, `what looks like ${what} stands in`));
}

/** A file that is called as those that credentials are kept in. */
export function credentialFile(path: ImagePath): FileFinding | undefined {
  return names.test(path) ? secretFinding(path, 'credentials are usually kept in') : undefined;
}

export function secretFinding(name: string, says: string): FileFinding {
  return {
    code: 'lint/secret',
    says,
    help: 'take it out, and give it to the container when it runs; revoke it where such an image has left this computer',
    name,
  };
}

/** Names of variables whose values are secrets. */
export function isSecretName(name: string): boolean {
  return /(?:^|_)(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|SECRET_?KEY|ACCESS_?KEY)$/i.test(name);
}
