const { createServer } = require('node:http');
const { transformSync } = require('@swc/core');

createServer((_request, response) => {
  const { code } = transformSync('let project: string = "swc-service"', {
    jsc: { parser: { syntax: 'typescript' } },
  });
  response.end(code);
}).listen(Number(process.env.PORT), '127.0.0.1');
