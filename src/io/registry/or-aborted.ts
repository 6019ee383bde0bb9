/**
 * An answer, or the end of waiting for it. undici hears of an abort only once it is connected, and a server that is
 * silent during the TLS handshake would hold up a Ctrl-C until the connection times out.
 */

/** Settles as the answer does, or fails with the signal's reason, whichever comes first. */
export function orAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((settle, fail) => {
    const stop = (): void => {
      fail(signal.reason as Error);
    };
    const forget = (): void => {
      signal.removeEventListener('abort', stop);
    };
    signal.addEventListener('abort', stop, { once: true });
    answer.then(settle, fail).finally(forget);
    if (signal.aborted) stop();
  });
}
