const { createServer } = require('node:http');
const Ajv = require('ajv');
const addFormats = require('ajv-formats');
const { App, Chart, ApiObject } = require('cdk8s');
const { WebSocketServer } = require('ws');
const { createStore } = require('zustand/vanilla');

const store = createStore(() => ({ requests: 0 }));
const isDate = addFormats(new Ajv()).compile({ type: 'string', format: 'date' });

const server = createServer((_request, response) => {
  store.setState(({ requests }) => ({ requests: requests + 1 }));
  const chart = new Chart(new App(), 'bundled-peer-scripts');
  new ApiObject(chart, 'map', { apiVersion: 'v1', kind: 'ConfigMap' });
  response.end(JSON.stringify({ ...store.getState(), isDate: isDate('2026-11-27'), chart: chart.toJson() }));
});
new WebSocketServer({ server });
server.listen(Number(process.env.PORT), '127.0.0.1');
