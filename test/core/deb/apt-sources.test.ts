import { describe, expect, it } from 'vitest';
import { parseAptSources } from '../../../src/core/deb/apt-sources.ts';

const none = { architectures: undefined, signedBy: undefined, key: undefined };

describe('apt’s sources', () => {
  it('as stanzas: each URI with each suite', () => {
    const text = `Types: deb deb-src
# a comment
URIs: http://a.example/debian/ http://b.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Architectures: amd64 arm64
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Enabled: no
Types: deb
URIs: http://c.example
Suites: sid
Components: main

Types: deb-src
URIs: http://d.example
Suites: sid
Components: main
`;
    const found = parseAptSources(text, 'debian.sources');
    expect(found.map(({ uri, suite }) => `${uri} ${suite}`)).toEqual([
      'http://a.example/debian bookworm',
      'http://a.example/debian bookworm-updates',
      'http://b.example/debian bookworm',
      'http://b.example/debian bookworm-updates',
    ]);
    expect(found[0]).toMatchObject({
      components: ['main', 'contrib'],
      architectures: ['amd64', 'arm64'],
      signedBy: ['/usr/share/keyrings/debian-archive-keyring.gpg'],
    });
  });

  it('as stanzas with the key itself', () => {
    const text = `Types: deb
URIs: http://a.example
Suites: ./
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDME
 -----END PGP PUBLIC KEY BLOCK-----
`;
    expect(parseAptSources(text, 'a.sources')).toEqual([
      {
        ...none,
        uri: 'http://a.example',
        suite: './',
        components: [],
        key: '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDME\n-----END PGP PUBLIC KEY BLOCK-----\n',
      },
    ]);
  });

  it('as lines with options', () => {
    const text = `# deb http://no.example sid main
deb http://a.example/debian bookworm main contrib # the first
deb-src http://a.example/debian bookworm main
deb [ arch=amd64,arm64 signed-by=/k.gpg trusted=yes ] https://b.example/ ./
`;
    expect(parseAptSources(text, 'sources.list')).toEqual([
      { ...none, uri: 'http://a.example/debian', suite: 'bookworm', components: ['main', 'contrib'] },
      {
        ...none,
        uri: 'https://b.example',
        suite: './',
        components: [],
        architectures: ['amd64', 'arm64'],
        signedBy: ['/k.gpg'],
      },
    ]);
  });

  it.each(['rpm http://a.example x', 'deb http://a.example'])('are not %j', (line) => {
    expect(() => parseAptSources(line, 'sources.list')).toThrow('sources.list');
  });
});
