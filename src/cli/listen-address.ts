/** `--listen HOST:PORT`, and what is said where other computers can reach the address. */
import type { Diagnostic } from '../core/diagnostic/diagnostic.ts';
import { quoteText } from '../core/diagnostic/escape-text.ts';
import type { ListenAddress } from '../io/serve/listener.ts';
import type { ServeOptions } from '../io/serve/serve.ts';
import { CommandError } from './command-error.ts';

const loopback = '127.0.0.1';

/** `HOST:PORT`, `[ADDRESS]:PORT`, `HOST`, or `:PORT` on loopback. Throws CommandError. */
export function listenAddress(text: string): ListenAddress {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]\s/]*))(?::(\d{1,5}))?$/.exec(text);
  const port = Number(match?.[3] ?? '0');
  if (match === null || text === '' || port > 65535) {
    throw new CommandError('command/bad-argument', `--listen: ${quoteText(text)} is not HOST:PORT`, {
      help: 'write it as 127.0.0.1:5000, [::1]:5000, or :5000 for that port on loopback',
    });
  }
  const host = match[1] ?? match[2] ?? '';
  return { host: host === '' ? loopback : host, port };
}

/** The warning for an address beyond this computer that anybody may write to, or that shows passwords on their way. */
export function unguarded({
  listen,
  access,
  accounts = [],
  tls,
}: Pick<ServeOptions, 'access' | 'accounts' | 'tls'> & {
  readonly listen: ListenAddress;
}): Diagnostic | undefined {
  const isOpen = access !== 'read-only' && accounts.length === 0;
  const isOverheard = accounts.length > 0 && tls === undefined;
  if (isLoopback(listen.host) || (!isOpen && !isOverheard)) return undefined;
  const risk = isOpen ? 'whoever reaches it may push and delete' : 'passwords go there unencrypted';
  return {
    code: 'serve/unguarded',
    severity: 'warning',
    message: `${quoteText(listen.host)} may be reached from other computers: ${risk}`,
    help: isOpen ? 'add --read-only or --accounts' : 'add --tls-cert and --tls-key',
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
