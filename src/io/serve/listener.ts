/** The server on the wire: one handler for node:http and node:https, and an end that leaves no connection behind. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, isIPv6 } from 'node:net';
import { errorCode, systemWords } from '../store/file-problem.ts';
import { ServeError } from './serve-error.ts';

export interface ListenAddress {
  /** A name or an address; 127.0.0.1 unless somebody said otherwise. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** PEM texts. */
export interface ServerCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface ListenerOptions {
  readonly address: ListenAddress;
  readonly tls: ServerCertificate | undefined;
  /** Milliseconds without a byte after which a connection is broken off. */
  readonly idleConnection: number;
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
}

export interface Listener {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** Takes no more requests, gives those under way a second, and ends. */
  close(): Promise<void>;
}

/** Throws ServeError `serve/cannot-listen` or `serve/bad-certificate`. */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const server = createFor(options);
  // An upload takes as long as it takes; one that goes silent ends.
  server.requestTimeout = 0;
  server.timeout = options.idleConnection;
  // Clients keep connections for longer than the five seconds of node, and one that closes as it is used fails a push.
  server.keepAliveTimeout = options.idleConnection;
  await bound(server, options.address);
  const { address, port } = server.address() as AddressInfo;
  const host = `${isIPv6(address) ? `[${address}]` : address}:${String(port)}`;
  return { host, close: () => closed(server) };
}

function createFor({ tls, onRequest }: ListenerOptions): Server {
  if (tls === undefined) return createServer(onRequest);
  try {
    return createTlsServer({ cert: tls.certificate, key: tls.key }, onRequest);
  } catch (error) {
    // OpenSSL puts a number of its own before its words: `error:0480006C:PEM routines::no start line`.
    const words = systemWords(error).replace(/^error:[0-9A-F]+:/, '');
    throw new ServeError('serve/bad-certificate', `the certificate or its key cannot be used: ${words}`, {
      help: 'give the certificate and its key as PEM files, --tls-cert and --tls-key',
      cause: error,
    });
  }
}

function bound(server: Server, { host, port }: ListenAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const place = `${isIPv6(host) ? `[${host}]` : host}:${String(port)}`;
      const inUse = errorCode(error) === 'EADDRINUSE';
      reject(
        new ServeError('serve/cannot-listen', `cannot listen on ${place}: ${systemWords(error)}`, {
          help: inUse ? 'choose another port, or none for a free one' : 'name an address of this computer',
          cause: error,
        }),
      );
    });
    server.listen({ host, port }, resolve);
  });
}

const grace = 1000;

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      server.closeAllConnections();
    }, grace);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    server.closeIdleConnections();
  });
}
