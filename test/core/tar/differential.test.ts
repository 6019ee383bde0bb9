/** No silent disagreement: a tar that we read lists the same entries in GNU tar and bsdtar, or they say that it is broken. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type ImagePath, parseImagePath, pathFromBytes } from '../../../src/core/tree/image-path.ts';
import { hostileTars } from './hostile-tars.ts';
import { mutatedTars } from './mutated-tars.ts';
import { readAll, verdict } from './raw-tar.ts';

const tools = {
  tar: ['--quoting-style=literal', '--numeric-owner', '-tf', '-'],
  bsdtar: ['-tf', '-'],
} as const;

/** Small ones, with names that stand on one line of a list: the tools escape or refuse others each in its own way. */
const sound = [...hostileTars.map(({ bytes }) => bytes), ...mutatedTars(600)]
  .filter((bytes) => bytes.length < 200_000 && verdict(() => readAll(bytes)) === 'read')
  .map((bytes) => ({ bytes, paths: readAll(bytes).map(({ entry }) => entry.path) }))
  .filter(({ paths }) => paths.every((path) => /^[^\p{Cc}\p{Cs}\\]*$/u.test(path)));

function cleaned(name: string): ImagePath {
  const parsed = parseImagePath(name);
  if (!parsed.ok) throw new Error(`${name} is no path`);
  return parsed.path;
}

describe.each(Object.entries(tools))('%s', (tool, args) => {
  const isThere = spawnSync(tool, ['--version']).status === 0;

  it.skipIf(!isThere)(
    'lists the same names for every tar that we read (skipped where it is not installed)',
    () => {
      const differing: object[] = [];
      let agreeing = 0;
      for (const { bytes, paths } of sound) {
        const env = { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' };
        const { status, stdout } = spawnSync(tool, args, { input: bytes, env });
        const names = pathFromBytes(stdout).split('\n').slice(0, -1).map(cleaned);
        if (JSON.stringify(names) === JSON.stringify(paths)) agreeing += 1;
        // A tool that stops with an error disagrees aloud.
        else if (status === 0)
          differing.push({
            ours: paths,
            theirs: names,
            bytes: Buffer.from(bytes.subarray(0, 1024)).toString('latin1'),
          });
      }
      expect(differing).toEqual([]);
      expect(agreeing).toBeGreaterThan(sound.length * 0.9);
    },
  );
});
