/** Signals of the process: the first that asks for an end aborts the command, the second ends it at once. */
import type { SignalName } from '../io/bundle/run-bundle.ts';

export type SignalListener = (signal: SignalName) => void;

export interface Signals {
  /** Aborted by the first SIGINT, SIGTERM or SIGHUP. */
  readonly signal: AbortSignal;
  /** The exit code that the signal asks for; undefined before one came. */
  code(): number | undefined;
  /** Hands every signal to a listener instead, until the function that is returned is called. */
  listen(listener: SignalListener): () => void;
}

const endings: Readonly<Partial<Record<SignalName, number>>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
const handedOn: readonly SignalName[] = ['SIGQUIT', 'SIGUSR2', 'SIGWINCH', 'SIGCONT'];

export function listenForSignals(): Signals {
  const controller = new AbortController();
  let code: number | undefined;
  let delegate: SignalListener | undefined;
  for (const [name, exit] of Object.entries(endings) as [SignalName, number][]) {
    process.on(name, () => {
      if (delegate !== undefined) {
        delegate(name);
        return;
      }
      if (code !== undefined) process.exit(exit);
      code = exit;
      controller.abort(new Error(`ended by ${name}`));
    });
  }
  return {
    signal: controller.signal,
    code: () => code,
    listen: (listener) => {
      delegate = listener;
      const listeners = handedOn.map((name) => {
        const hand = (): void => {
          listener(name);
        };
        process.on(name, hand);
        return () => process.off(name, hand);
      });
      return () => {
        delegate = undefined;
        listeners.forEach((stop) => stop());
      };
    },
  };
}
