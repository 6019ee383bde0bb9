import { fileURLToPath } from 'node:url';
import fastify from 'fastify';
import files from '@fastify/static';

const service = fastify();
service.register(files, { root: fileURLToPath(new URL('.', import.meta.url)), prefix: '/files/' });
service.get('/', async () => ({ project: 'fastify-service', fastify: service.version }));
await service.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
