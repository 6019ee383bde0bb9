import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { makeHarness, stopEverything, stopLater } from '../../rigs/registry-harness.ts';

afterEach(stopEverything);

/** Takes connections and never says a word; tells of the first one. */
async function startSilent(): Promise<{ readonly host: string; readonly connected: Promise<void> }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket));
  const connected = new Promise<void>((settle) => server.once('connection', () => settle()));
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  stopLater({
    stop: () =>
      new Promise((settle) => {
        sockets.forEach((socket) => socket.destroy());
        server.close(() => settle());
      }),
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { host: `127.0.0.1:${String(port)}`, connected };
}

describe('a server that takes connections and stays silent', () => {
  test('holds up no abort, even before there is a connection', async () => {
    const { host, connected } = await startSilent();
    const controller = new AbortController();
    const reason = new Error('Ctrl-C');
    const timeouts = { connect: 60_000, headers: 60_000, lowSpeed: { window: 60_000, bytesPerSecond: 1 } };
    const { client } = makeHarness({ timeouts });
    const opened = client.open(host, 'a/b', { purpose: 'read', signal: controller.signal });
    void connected.then(() => {
      controller.abort(reason);
    });
    await expect(opened).rejects.toBe(reason);
  }, 10_000);
});
