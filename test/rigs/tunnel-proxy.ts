/** An HTTP proxy that opens tunnels (CONNECT) to where a test says, so that loopback listeners can bear other names. */
import { createServer } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';

export interface TunnelProxy {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string;
  /** `HOST:PORT` of each CONNECT. */
  readonly asked: readonly string[];
  /** Proxy-Authorization of each CONNECT that bore one. */
  readonly authorizations: readonly string[];
  stop(): Promise<void>;
}

/** `targets`: `HOST:PORT` as asked for → `127.0.0.1:PORT`; any other is refused with 403, or the connection closed. */
export async function startTunnelProxy(
  targets: () => Readonly<Record<string, string>>,
  otherwise: 'refuse' | 'close' = 'refuse',
): Promise<TunnelProxy> {
  const asked: string[] = [];
  const authorizations: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(405).end());
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  server.on('connect', (request, client: Socket) => {
    asked.push(request.url ?? '');
    authorizations.push(
      ...(request.headers['proxy-authorization'] === undefined
        ? []
        : [request.headers['proxy-authorization']]),
    );
    const target = targets()[request.url ?? ''];
    if (target === undefined) {
      client.end(otherwise === 'close' ? '' : 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const upstream = connect(Number(target.split(':')[1]), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    sockets.add(upstream);
    upstream.on('error', () => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked,
    authorizations,
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => {
          resolve();
        });
      }),
  };
}
