/** Arbitrary entries: every type, names and targets of any bytes, ids, times and attributes over their whole range. */
import fc from 'fast-check';
import { trustedDigest } from '../../../src/core/digest/digest.ts';
import type { Metadata, NodeEntry } from '../../../src/core/tree/file-tree.ts';
import { type ImagePath, pathFromBytes } from '../../../src/core/tree/image-path.ts';

export const node: Metadata = { mode: 0o644, uid: 0, gid: 0, mtime: { seconds: 0 } };

/** Every byte but NUL and slash, with short, long and just fitting lengths. */
function component(): fc.Arbitrary<string> {
  const byte = fc.oneof(fc.integer({ min: 0x61, max: 0x7a }), fc.integer({ min: 1, max: 255 }));
  return fc
    .oneof(fc.array(byte, { minLength: 1, maxLength: 8 }), fc.array(byte, { minLength: 90, maxLength: 160 }))
    .map((bytes) => pathFromBytes(Uint8Array.from(bytes.map((it) => (it === 0x2f ? 0x5f : it)))))
    .filter((name) => name !== '.' && name !== '..' && !name.startsWith('.wh.'));
}

export function anyPath(): fc.Arbitrary<ImagePath> {
  return fc.array(component(), { minLength: 1, maxLength: 4 }).map((names) => names.join('/') as ImagePath);
}

const id = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  fc.constantFrom(0, 2 ** 21 - 1, 2 ** 21, 2 ** 32 - 1),
);
const seconds = fc.oneof(
  fc.maxSafeInteger().filter((it) => !Object.is(it, -0) && Math.abs(it) < 2 ** 52),
  fc.constantFrom(0, -1, 8 ** 11 - 1, 8 ** 11, 2 ** 31),
);
const mtime = fc
  .tuple(seconds, fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 999_999_999 })))
  .map(([whole, nanoseconds]) => (nanoseconds === 0 ? { seconds: whole } : { seconds: whole, nanoseconds }));
const xattrName = fc.oneof(
  fc.constantFrom('user.a', 'security.capability', '__proto__', 'trusted.ü'),
  fc.string({ minLength: 1, maxLength: 20 }).map((text) => text.replace(/[=\0]/g, '_')),
);
const xattrValue = fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const xattrs = fc
  .array(fc.tuple(xattrName, xattrValue), { minLength: 1, maxLength: 3 })
  .map((pairs) => Object.fromEntries(pairs) as Record<string, string>);

function metadata(): fc.Arbitrary<Metadata> {
  const plain = fc.record({ mode: fc.integer({ min: 0, max: 0o7777 }), uid: id, gid: id, mtime });
  return fc.oneof(
    plain,
    fc.tuple(plain, xattrs).map(([it, attributes]) => ({ ...it, xattrs: attributes })),
  );
}

export const digest = trustedDigest(`sha256:${'0'.repeat(64)}`);
const size = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 0, max: 2 ** 35 }),
  fc.constantFrom(8 ** 11 - 1, 8 ** 11),
);

/** A file's digest is of no content at all. */
export function anyEntry(): fc.Arbitrary<NodeEntry> {
  const named = fc.tuple(anyPath(), metadata()).map(([path, it]) => ({ path, ...it }));
  const device = fc.tuple(named, fc.nat(4095), fc.nat(1048575));
  return fc.oneof(
    fc.tuple(named, size).map(([it, bytes]) => ({ ...it, type: 'file' as const, size: bytes, digest })),
    named.map((it) => ({ ...it, type: 'directory' as const })),
    metadata().map((it) => ({ ...it, path: '' as ImagePath, type: 'directory' as const })),
    named.map((it) => ({ ...it, type: 'fifo' as const })),
    fc
      .tuple(named, anyPath())
      .map(([it, target]) => ({ ...it, type: 'symlink' as const, target: `/../${target}` })),
    fc.tuple(named, anyPath()).map(([it, target]) => ({ ...it, type: 'hardlink' as const, target })),
    device.map(([it, major, minor]) => ({ ...it, type: 'block-device' as const, major, minor })),
    device.map(([it, major, minor]) => ({ ...it, type: 'character-device' as const, major, minor })),
  );
}
