/** Unpacks the image of a layout as whoever runs this. Arguments: layout, destination. */
import { unpackRootfs } from '../../src/io/bundle/rootfs.ts';
import { createMemoryStore } from '../../src/io/store/memory-store.ts';
import { readLayoutImage } from '../rigs/umoci.ts';

const [, , layout = '', destination = ''] = process.argv;
const { blobs } = createMemoryStore();
const image = await readLayoutImage(layout, blobs);
await unpackRootfs(image, blobs, { destination, signal: new AbortController().signal });
