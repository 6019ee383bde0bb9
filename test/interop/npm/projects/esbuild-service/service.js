import { createServer } from 'node:http';
import { transform } from 'esbuild';

createServer(async (_request, response) => {
  const { code } = await transform('let project: string = "esbuild-service"', { loader: 'ts' });
  response.end(code);
}).listen(Number(process.env.PORT), '127.0.0.1');
