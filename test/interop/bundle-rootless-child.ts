/** What an ordinary user does: makes a rootless bundle of the busybox image and runs it. Arguments: folder, runtime, config. */
import { join } from 'node:path';
import type { ContainerConfig } from '../../src/core/oci/image-config.ts';
import { runBundle } from '../../src/io/bundle/run-bundle.ts';
import { writeBundle } from '../../src/io/bundle/runtime-bundle.ts';
import { createMemoryStore } from '../../src/io/store/memory-store.ts';
import { putBusyboxImage } from '../rigs/busybox-image.ts';

const [, , folder = '', runtime = '', config = '{}'] = process.argv;
const { blobs } = createMemoryStore();
const image = await putBusyboxImage(blobs, JSON.parse(config) as ContainerConfig, [
  { name: 'dev/null', type: '3', major: 1, minor: 3, mode: 0o666 },
  { name: 'shut', type: '5', mode: 0 },
  { name: 'shut/in', content: 'x', mode: 0, uid: 7 },
  { name: 'p', type: '6', mode: 0o600 },
]);
const destination = join(folder, 'bundle');
const warnings = await writeBundle(image, blobs, {
  destination,
  signal: new AbortController().signal,
  runtime: {},
  runtimeFolder: folder,
  rootless: { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 },
});
process.stderr.write(`${warnings.map(({ code, message }) => `${code}: ${message}`).join('\n')}\n`);
process.exitCode = await runBundle({
  bundle: destination,
  runtime,
  environment: process.env,
  stdio: [0, 1, 2],
  onWarning: () => undefined,
  listen: () => () => undefined,
});
