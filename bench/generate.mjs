/** Trees that need no network: one large file, and a project of many small ones. The same bytes each time. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

const block = 64 * 1024;

/**
 * A file of which every second 64 KiB are noise, and the others text.
 * @param {string} path
 * @param {number} bytes a multiple of 128 KiB
 */
export function makeLargeFile(path, bytes) {
  if (existsSync(path) && statSync(path).size === bytes) return;
  const partial = `${path}.partial`;
  const file = openSync(partial, 'w');
  const random = randomWords(7);
  for (let written = 0; written < bytes; written += 2 * block) {
    writeSync(file, Uint32Array.from({ length: block / 4 }, random));
    writeSync(file, text(written));
  }
  closeSync(file);
  renameSync(partial, path);
}

/**
 * A project of many small modules, a hundred to a folder; watching and walking it is what it is for.
 * @param {string} folder
 * @param {number} files
 */
export function makeProject(folder, files) {
  if (existsSync(folder)) return;
  const partial = `${folder}.partial`;
  rmSync(partial, { recursive: true, force: true });
  for (let index = 0; index < files; index++) {
    const inner = join(partial, `src/part-${Math.floor(index / 100)}`);
    mkdirSync(inner, { recursive: true });
    writeFileSync(join(inner, `module-${index}.js`), text(index).subarray(0, 500 + (index % 3000)));
  }
  const recipe =
    'image: localhost/project\nfrom: scratch\nplatforms: [linux/amd64]\nlayers: [{ copy: src, to: /src }]\n';
  writeFileSync(join(partial, 'oci.config.yaml'), recipe);
  renameSync(partial, folder);
}

/**
 * xorshift
 * @param {number} seed
 */
function randomWords(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/**
 * 64 KiB of something like source code, a little different for each seed.
 * @param {number} seed
 */
function text(seed) {
  const random = randomWords(seed + 1);
  let lines = '';
  while (lines.length < block) {
    const word = random() % 4096;
    lines += `export const name${word} = calculate(${random() % 100}, 'value of ${word % 64}');\n`;
  }
  return Buffer.from(lines.slice(0, block));
}
