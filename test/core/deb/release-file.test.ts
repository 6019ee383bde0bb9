import { describe, expect, it } from 'vitest';
import { parseRelease } from '../../../src/core/deb/release-file.ts';

const digest = 'AB'.repeat(32);
const base = `Origin: Debian
Suite: oldstable
Codename: bookworm
Date: Sat, 10 May 2025 09:53:31 UTC
Valid-Until: Sat, 17 May 2025 9:53:31 UTC
Acquire-By-Hash: yes
Architectures: all amd64 arm64
Components: main contrib
MD5Sum:
 0123 12 main/binary-amd64/Packages
SHA256:
 ${digest}     1234 main/binary-amd64/Packages.xz
 ${digest} 0 main/binary-all/Packages
`;
const parse = (text: string) => parseRelease(text, 'InRelease of bookworm');

describe('a Release file', () => {
  it('says what is in a suite, from when to when, and with which digests', () => {
    expect(parse(base)).toMatchObject({
      suite: 'oldstable',
      codename: 'bookworm',
      date: Date.parse('2025-05-10T09:53:31Z') / 1000,
      validUntil: Date.parse('2025-05-17T09:53:31Z') / 1000,
      components: ['main', 'contrib'],
      architectures: ['all', 'amd64', 'arm64'],
      acquireByHash: true,
      separateAll: true,
      priority: 500,
    });
    expect([...parse(base).files]).toEqual([
      ['main/binary-amd64/Packages.xz', { sha256: 'ab'.repeat(32), size: 1234 }],
      ['main/binary-all/Packages', { sha256: 'ab'.repeat(32), size: 0 }],
    ]);
  });

  it('may say that its packages for all stand in every index, and that they are not for everyone', () => {
    const rest = 'No-Support-for-Architecture-all: Packages\nNotAutomatic: yes\n';
    expect(parse(base + rest)).toMatchObject({ separateAll: false, priority: 1 });
    expect(parse(`${base}${rest}ButAutomaticUpgrades: yes\n`)).toMatchObject({ priority: 100 });
  });

  it.each([
    ['no SHA256', base.replace('SHA256', 'SHA1'), 'has no SHA256'],
    ['a short digest', base.replace(digest, 'ab'), 'line of SHA256'],
    ['a date of its own kind', base.replace('Sat, 10 May', '2025-05-10'), 'a time in `date`'],
    ['a zone of its own', base.replace(':31 UTC', ':31 +0200'), 'a time in `date`'],
  ])('with %s is refused', (_, text, found) => {
    expect(() => parse(text)).toThrow(found);
  });
});
