/** Answers on the port of its argument, or of PORT, or on 8080; until SIGTERM or SIGINT, then lets open requests finish. */
import { serve } from '@hono/node-server';
import { service } from './service.js';

const port = Number(process.argv[2] ?? process.env['PORT'] ?? 8080);
const server = serve({ fetch: service.fetch, port }, (address) =>
  console.log(`listening on ${address.port}`),
);

for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => server.close());
