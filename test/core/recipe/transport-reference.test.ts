import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatTransportReference,
  parseBaseReference,
  parseTransportReference,
} from '../../../src/core/recipe/transport-reference.ts';

const digest = `sha256:${'5a'.repeat(32)}`;

describe('parseTransportReference', () => {
  it.each([
    ['node', { transport: 'registry', registry: 'docker.io', repository: 'library/node' }],
    [
      'node:22-slim',
      { transport: 'registry', registry: 'docker.io', repository: 'library/node', tag: '22-slim' },
    ],
    [
      `docker://ghcr.io/a/b@${digest}`,
      { transport: 'registry', registry: 'ghcr.io', repository: 'a/b', digest },
    ],
    ['localhost:5000/x:1', { transport: 'registry', registry: 'localhost:5000', repository: 'x', tag: '1' }],
    ['oci:out/api', { transport: 'oci', path: 'out/api' }],
    ['oci:out/api:v1', { transport: 'oci', path: 'out/api', tag: 'v1' }],
    ['oci:out:ghcr.io/a/b:1.0', { transport: 'oci', path: 'out', tag: 'ghcr.io/a/b:1.0' }],
    ['oci-archive:a.tar', { transport: 'oci-archive', path: 'a.tar' }],
    ['oci-archive:a.tar:v1', { transport: 'oci-archive', path: 'a.tar', tag: 'v1' }],
    ['docker-archive:a.tar:app:1', { transport: 'docker-archive', path: 'a.tar', reference: 'app:1' }],
    ['docker-archive:/tmp/a.tar', { transport: 'docker-archive', path: '/tmp/a.tar' }],
    [`store:${digest}`, { transport: 'store', digest }],
    ['bundle:out/b', { transport: 'bundle', path: 'out/b' }],
    ['rootfs:out/r', { transport: 'rootfs', path: 'out/r' }],
  ])('reads %s', (text, value) => {
    const parsed = parseTransportReference(text);
    expect(parsed).toEqual({ ok: true, value });
    const again = parsed.ok ? parseTransportReference(formatTransportReference(parsed.value)) : undefined;
    expect(again).toEqual(parsed);
  });

  it.each([
    ['', 'it is empty'],
    ['oci:', '`oci:` names no folder'],
    ['oci-archive:', '`oci-archive:` names no file'],
    ['docker-archive::x', '`docker-archive:` names no file'],
    ['bundle:', '`bundle:` names no folder'],
    ['oci:out:-x', '`-x` is no tag of an image layout'],
    ['docker-archive:a.tar:UPPER', '`UPPER` is no reference: a repository is written in lower case'],
    ['store:latest', '`latest` is no digest'],
    ['store:blake3:abcd', '`blake3:abcd` is a digest of an unsupported algorithm'],
    ['https://ghcr.io/a/b', 'it is a URL; write the registry and repository alone'],
    ['Node', 'a repository is written in lower case'],
    ['a\u001bb', 'it holds a control character'],
    ['a b', 'it is not written as REGISTRY/REPOSITORY:TAG@DIGEST'],
    ['a'.repeat(100_000), 'it is 100000 characters long'],
  ])('says why %.30s is none', (text, reason) => {
    expect(parseTransportReference(text)).toEqual({ ok: false, reason });
  });

  it('never throws, and what it takes it reads again from what it writes', () => {
    const words = fc.constantFrom(
      'oci:',
      'docker-archive:',
      'a',
      '/',
      ':',
      '@',
      digest,
      '.',
      'B',
      '-',
      'docker://',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(words, { maxLength: 8 }).map((parts) => parts.join('')),
        ),
        (text) => {
          const parsed = parseTransportReference(text);
          if (parsed.ok)
            expect(parseTransportReference(formatTransportReference(parsed.value))).toEqual(parsed);
        },
      ),
    );
  });

  it('takes time that is linear to the text', () => {
    const began = performance.now();
    for (const unit of ['a.', 'a-', 'a/', 'a:', 'a__', '@'])
      parseTransportReference(`oci:x:${unit.repeat(2000)}!`);
    expect(performance.now() - began).toBeLessThan(200);
  });
});

describe('parseBaseReference', () => {
  it.each([
    ['scratch', { transport: 'scratch' }],
    ['image:base', { transport: 'image', name: 'base' }],
    ['oci:base', { transport: 'oci', path: 'base' }],
  ])('reads %s', (text, value) => {
    expect(parseBaseReference(text)).toEqual({ ok: true, value });
    expect(formatTransportReference(value as Parameters<typeof formatTransportReference>[0])).toBe(text);
  });

  it.each([
    ['image:', '`` is no name of an image of this recipe'],
    ['image:a b', '`a b` is no name of an image of this recipe'],
    ['bundle:x', 'a bundle is a destination, no source of images'],
    ['rootfs:x', 'a rootfs is a destination, no source of images'],
  ])('says why %s is none', (text, reason) => {
    expect(parseBaseReference(text)).toEqual({ ok: false, reason });
  });
});
