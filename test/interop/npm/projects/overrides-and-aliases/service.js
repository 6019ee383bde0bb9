const express = require('express');

const versions = ['qs', 'bytes', 'cookie', 'old-semver', 'semver', 'old-uuid', 'string-width-cjs'];
const service = express();
service.get('/', (_request, response) =>
  response.json({
    project: 'overrides-and-aliases',
    ...Object.fromEntries(
      versions.map((name) => [name, require(`./node_modules/${name}/package.json`).version]),
    ),
  }),
);
service.listen(Number(process.env.PORT), '127.0.0.1');
