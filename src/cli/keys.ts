/** Single keys of a terminal, without Enter. Ctrl-C and Ctrl-Z do what they always do. */
import type { Readable } from 'node:stream';
import type { ReadStream } from 'node:tty';

export interface Keys {
  /** The terminal is as it was before. */
  stop(): void;
}

const ctrlC = '\u0003';
const ctrlD = '\u0004';
const ctrlZ = '\u001a';

/** By the key; `q` is also what the end of the input stands for. */
export type KeyActions = Readonly<Record<string, () => void>> & { readonly q: () => void };

export function isKeyboard(stdin: Readable): stdin is ReadStream {
  return (stdin as Partial<ReadStream>).isTTY === true;
}

export function listenForKeys(stdin: ReadStream, actions: KeyActions): Keys {
  const press = (key: string): void => {
    if (key === ctrlC) process.kill(process.pid, 'SIGINT');
    else if (key === ctrlD) actions.q();
    else if (key === ctrlZ) suspend(stdin);
    else actions[key.toLowerCase()]?.();
  };
  const onData = (chunk: Buffer | string): void => {
    for (const key of chunk.toString()) press(key);
  };
  stdin.setRawMode(true);
  stdin.on('data', onData);
  stdin.once('end', actions.q);
  return {
    stop: () => {
      stdin.off('data', onData);
      stdin.off('end', actions.q);
      stdin.setRawMode(false);
      stdin.pause();
    },
  };
}

/** The shell gets its terminal as it was; we take ours again when it lets us go on. */
function suspend(stdin: ReadStream): void {
  stdin.setRawMode(false);
  process.once('SIGCONT', () => stdin.setRawMode(true));
  process.kill(process.pid, 'SIGTSTP');
}
