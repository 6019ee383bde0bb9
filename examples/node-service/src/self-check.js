/** Asks the service one question over its own loopback and prints the answer: a check that needs no network. */
import { service } from './service.js';

const server = service.listen(0, '127.0.0.1', async () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const answer = await fetch(`http://127.0.0.1:${port}/days?from=2024-02-28&to=2024-03-01`);
  console.log(`${answer.status} ${await answer.text()}`);
  server.close();
  server.closeAllConnections();
});
