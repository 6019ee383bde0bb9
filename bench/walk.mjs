/**
 * Walks a tree and stats each of its entries, and does nothing else: the least that a build must do to learn that
 * nothing has changed. The bench times it as a whole process.
 *
 *     node bench/walk.mjs FOLDER     prints how many entries there are
 */
import { lstatSync, readdirSync } from 'node:fs';

const folders = [process.argv[2] ?? '.'];
let entries = 0;
let newest = 0n;
for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
  for (const name of readdirSync(folder)) {
    const path = `${folder}/${name}`;
    const status = lstatSync(path, { bigint: true });
    if (status.mtimeNs > newest) newest = status.mtimeNs;
    if (status.isDirectory()) folders.push(path);
    entries += 1;
  }
}
process.stdout.write(`${entries} entries, the newest of ${newest}\n`);
