/** A small image that can run: a static busybox with its usual names, a few users, and what a test adds. */
import { existsSync, readFileSync } from 'node:fs';
import type { Image } from '../../src/core/image/image.ts';
import type { ContainerConfig } from '../../src/core/oci/image-config.ts';
import type { BlobStore } from '../../src/io/store/store.ts';
import { imageOf } from './layer-image.ts';
import { type RawEntry, rawTar } from './raw-tar.ts';

const busybox = '/bin/busybox';
export const hasBusybox = existsSync(busybox);

const names = [
  'sh',
  'id',
  'env',
  'pwd',
  'cat',
  'ls',
  'sleep',
  'ip',
  'kill',
  'touch',
  'stat',
  'true',
  'grep',
  'echo',
];
const passwd = 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1001:app:/home/app:/bin/sh\n';
const group = 'root:x:0:\nstaff:x:50:app\napp:x:1001:\n';

export function busyboxEntries(): RawEntry[] {
  const folder = (name: string): RawEntry => ({ name, type: '5', mode: 0o755 });
  return [
    ...['bin', 'etc', 'proc', 'sys', 'dev', 'tmp', 'home/app'].map(folder),
    { name: 'bin/busybox', mode: 0o755, content: readFileSync(busybox) },
    ...names.map((name) => ({ name: `bin/${name}`, type: '2', link: 'busybox', mode: 0o777 })),
    { name: 'etc/passwd', content: passwd },
    { name: 'etc/group', content: group },
  ];
}

export function putBusyboxImage(
  blobs: BlobStore,
  config: ContainerConfig,
  added: readonly RawEntry[] = [],
): Promise<Image> {
  return imageOf(blobs, [rawTar(busyboxEntries()), ...(added.length === 0 ? [] : [rawTar(added)])], config);
}
