/** A process that fills a store until it is done or killed: `store-worker.ts FOLDER SEED COUNT`. */
import { openDiskStore } from '../../../src/io/store/disk-store.ts';
import { nativeDigestOf } from '../../../src/io/store/native-hasher.ts';

const [, , folder = '', seed = '0', count = '0'] = process.argv;
const store = await openDiskStore(folder);
for (let at = 0; at < Number(count); at += 1) {
  const writer = store.blobs.createWriter();
  for (let part = 0; part < 8; part += 1)
    writer.write(Buffer.alloc(8192, `${seed} ${String(at)} ${String(part)}`));
  const { digest } = await writer.commit();
  await store.results.put('layer', nativeDigestOf(Buffer.from(`${seed} ${String(at)}`)), { digest });
  process.stdout.write(`${digest}\n`);
}
