/** The machine that a command runs on, as sources may know it. */
import type { Machine } from '../io/source/machine.ts';
import type { Surroundings } from './surroundings.ts';

/** apt's own folders first, where an administrator adds keys; then where Debian's package of keyrings puts them. */
const keyringFolders = ['/etc/apt/keyrings', '/etc/apt/trusted.gpg.d', '/usr/share/keyrings'];

export function machineOf({ home, env }: Pick<Surroundings, 'home' | 'env'>): Machine {
  return { home, env, aptFolder: '/etc/apt', keyringFolders };
}
