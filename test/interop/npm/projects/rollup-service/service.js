import { createServer } from 'node:http';
import { rollup } from 'rollup';

const source = {
  name: 'source',
  resolveId: (id) => id,
  load: () => 'const unused = 1; export const project = "rollup-service";',
};

createServer(async (_request, response) => {
  const bundle = await rollup({ input: 'entry', plugins: [source] });
  const { output } = await bundle.generate({ format: 'es' });
  response.end(output[0].code);
}).listen(Number(process.env.PORT), '127.0.0.1');
