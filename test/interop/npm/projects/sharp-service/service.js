const { createServer } = require('node:http');
const sharp = require('sharp');

createServer(async (_request, response) => {
  const create = { width: 8, height: 4, channels: 3, background: 'red' };
  const { info } = await sharp({ create }).png().toBuffer({ resolveWithObject: true });
  response.end(JSON.stringify({ project: 'sharp-service', ...info }));
}).listen(Number(process.env.PORT), '127.0.0.1');
