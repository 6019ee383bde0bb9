/** Waits for what another process does, of which no event tells; the test's own time limit ends a wait in vain. */
import { setTimeout as pause } from 'node:timers/promises';

export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await pause(10);
}
