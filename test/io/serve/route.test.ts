import { expect, test } from 'vitest';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { Refusal } from '../../../src/io/serve/refusal.ts';
import { routeOf } from '../../../src/io/serve/route.ts';

const digest = digestOf(Buffer.from('x'));

test.each([
  ['/v2', { kind: 'base' }],
  ['/v2/', { kind: 'base' }],
  ['/v2/_catalog', { kind: 'catalog' }],
  ['/v2/a/tags/list', { kind: 'tags', name: 'a' }],
  ['/v2/tags/list/tags/list', { kind: 'tags', name: 'tags/list' }],
  ['/v2/a/b/manifests/1.0', { kind: 'manifest', name: 'a/b', reference: '1.0' }],
  ['/v2/manifests/manifests/manifests', { kind: 'manifest', name: 'manifests', reference: 'manifests' }],
  [`/v2/a/manifests/${digest}`, { kind: 'manifest', name: 'a', reference: digest }],
  [`/v2/a/blobs/${digest}`, { kind: 'blob', name: 'a', digest }],
  [`/v2/a/blobs/${digest.replace(':', '%3A')}`, { kind: 'blob', name: 'a', digest }],
  [`/v2/a/referrers/${digest}`, { kind: 'referrers', name: 'a', digest }],
  ['/v2/a/blobs/uploads/', { kind: 'uploads', name: 'a' }],
  ['/v2/a/blobs/uploads', { kind: 'uploads', name: 'a' }],
  ['/v2/a/blobs/uploads/7', { kind: 'upload', name: 'a', id: '7' }],
])('%s', (path, route) => {
  expect(routeOf(path)).toEqual(route);
});

test.each([
  ['/', 404, 'UNSUPPORTED'],
  ['/v1/', 404, 'UNSUPPORTED'],
  ['/v2/a', 404, 'UNSUPPORTED'],
  ['/v2/a/%ff/tags/list', 404, 'UNSUPPORTED'],
  ['/v2/A/tags/list', 400, 'NAME_INVALID'],
  ['/v2//tags/list', 400, 'NAME_INVALID'],
  ['/v2/a//b/tags/list', 400, 'NAME_INVALID'],
  ['/v2/../tags/list', 400, 'NAME_INVALID'],
  ['/v2/a/%2e%2e/b/tags/list', 400, 'NAME_INVALID'],
  ['/v2/a%2fb/../c/tags/list', 400, 'NAME_INVALID'],
  ['/v2/_blobs/tags/list', 400, 'NAME_INVALID'],
  [`/v2/${'a/'.repeat(128)}a/tags/list`, 400, 'NAME_INVALID'],
  ['/v2/a/blobs/sha256:..%2f..%2fetc', 400, 'DIGEST_INVALID'],
  [`/v2/a/blobs/${digest.toUpperCase()}`, 400, 'DIGEST_INVALID'],
  ['/v2/a/blobs/sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709', 400, 'DIGEST_INVALID'],
  [`/v2/a/referrers/${'a'.repeat(10_000)}`, 400, 'DIGEST_INVALID'],
])('%s is refused', (path, status, code) => {
  const refused = () => {
    try {
      return routeOf(path);
    } catch (error) {
      return error instanceof Refusal ? { status: error.status, code: error.code } : error;
    }
  };
  expect(refused()).toEqual({ status, code });
});
