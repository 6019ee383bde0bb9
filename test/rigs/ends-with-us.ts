/**
 * A program that is ended when the process that started it is gone, however that ended: a test run that is killed
 * stops nothing itself. setpriv becomes the program, so that its process id is the program's.
 */
import { spawnSync } from 'node:child_process';

const hasSetpriv = spawnSync('setpriv', ['--version'], { stdio: 'ignore' }).status === 0;

/** The words to spawn; the program's own where there is no setpriv (util-linux). */
export function endsWithUs(
  signal: 'KILL' | 'TERM',
  ...words: readonly [string, ...string[]]
): readonly [string, ...string[]] {
  return hasSetpriv ? ['setpriv', '--pdeathsig', signal, ...words] : words;
}
