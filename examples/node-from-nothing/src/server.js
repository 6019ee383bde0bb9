/** Answers on PORT (8080) until SIGTERM or SIGINT, then lets open requests finish. */
import { serve } from '@hono/node-server';
import { service } from './service.js';

const port = Number(process.env['PORT'] ?? 8080);
const server = serve({ fetch: service.fetch, port }, () => console.log(`listening on ${port}`));

for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => server.close());
