/** A docker-registry on a free port of 127.0.0.1, empty, for one run. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * @param {string} folder where it keeps all that it has
 * @param {(host: string) => Promise<T>} use `127.0.0.1:PORT`; the registry is stopped afterwards
 * @returns {Promise<T>}
 * @template T
 */
export async function withRegistry(folder, use) {
  const [config, log] = [join(folder, 'registry.yml'), join(folder, 'registry.log')];
  writeFileSync(config, configuration(join(folder, 'registry')));
  const output = openSync(log, 'w');
  const child = spawn('docker-registry', ['serve', config], {
    env: { PATH: process.env['PATH'], HOME: folder, OTEL_TRACES_EXPORTER: 'none' },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  try {
    return await use(await listeningHost(child, log));
  } finally {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  }
}

// The configuration is YAML, of which JSON is a part.
/** @param {string} storage */
function configuration(storage) {
  return JSON.stringify({
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: storage } },
    http: { addr: '127.0.0.1:0', secret: 'bench' },
  });
}

/**
 * It logs the address that it got.
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} log
 */
async function listeningHost(child, log) {
  for (let waited = 0; waited < 600 && child.exitCode === null; waited += 1) {
    const host = /listening on (127\.0\.0\.1:\d+)/.exec(readFileSync(log, 'utf8'))?.[1];
    if (host !== undefined) return host;
    await pause(50);
  }
  throw new Error(`docker-registry did not start:\n${readFileSync(log, 'utf8')}`);
}
