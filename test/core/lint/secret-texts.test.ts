/** What is taken for a secret, and what only looks like one to somebody in a hurry. */
import { describe, expect, test } from 'vitest';
import { isSecretName, secretsIn } from '../../../src/core/lint/secret-texts.ts';

// Put together here, so that no scanner takes this file for a leak.
const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.repeat(2);
const key = '-----BEGIN PRIVATE ' + 'KEY-----';

describe('a text', () => {
  test.each([
    ['a private key', `${key}\n${letters.slice(0, 64)}\n`],
    ['a private key', `"private_key": "${key}\\n${letters.slice(0, 64)}\\n"`],
    ['an AWS access key', 'id = AKIA' + 'ABCDEFGHIJKLMNOP'],
    ['an AWS secret key', `aws_secret_access_key = ${letters.slice(0, 40)}`],
    ['an npm token', `npm_${letters.slice(0, 36)}`],
    ['an npm token', '//registry.npmjs.org/:_authToken=01234567-89ab-cdef'],
    ['a GitHub token', `ghp_${letters.slice(0, 36)}`],
    ['a GitLab token', `glpat-${letters.slice(0, 20)}`],
    ['a Slack token', `xoxb-1${letters.slice(0, 30)}`],
    ['a Stripe key', `sk_live_${letters.slice(0, 24)}`],
  ])('%s is found', (what, text) => {
    expect(secretsIn(`before ${text} after`)).toEqual([what]);
  });

  test.each([
    ['code that looks for keys', `if (text.includes('${key}')) throw new Error('a private key')`],
    ['the access key of AWS’s documentation', 'AKIAIOSFODNN7EXAMPLE'],
    ['its secret key', 'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'],
    ['a variable in place of a token', '//registry.npmjs.org/:_authToken=${NPM_TOKEN}'],
    ['a longer word', `snpm_${letters.slice(0, 36)}x`],
    ['a certificate', `-----BEGIN CERTIFICATE-----\n${letters.slice(0, 64)}`],
  ])('%s is none', (_what, text) => {
    expect(secretsIn(text)).toEqual([]);
  });
});

test.each(['DB_PASSWORD', 'TOKEN', 'github_token', 'AWS_SECRET_ACCESS_KEY', 'API_KEY', 'APIKEY'])(
  '%s is a name for a secret',
  (name) => {
    expect(isSecretName(name)).toBe(true);
  },
);

test.each(['PASSWORD_FILE', 'TOKENIZERS_PARALLELISM', 'KEYBOARD', 'PUBLIC_KEY', 'MONKEY'])(
  '%s is none',
  (name) => {
    expect(isSecretName(name)).toBe(false);
  },
);
