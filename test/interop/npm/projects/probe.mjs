/**
 * Starts each service whose file is named, in a process of its own, asks it once, and prints a line for each: its file,
 * the status, and the start of what it answered. Exits with 1 where one does not answer.
 *
 *     node probe.mjs FILE…
 *     node probe.mjs --here FILE     the service runs in this process
 */
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

const [first, ...others] = process.argv.slice(2);
if (first === '--here') await probe(others[0]);
else for (const file of [first, ...others]) startProbe(file);

function startProbe(file) {
  const { status } = spawnSync(process.execPath, [import.meta.filename, '--here', file], {
    cwd: dirname(file),
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}

async function probe(file) {
  process.env.PORT ??= '8080';
  await import(pathToFileURL(file));
  const response = await answer(`http://127.0.0.1:${process.env.PORT}/`);
  const body = await response.text();
  console.log(`${file} ${response.status} ${body.replaceAll('\n', ' ').slice(0, 2000)}`);
  process.exit(response.ok ? 0 : 1);
}

/** Asks until somebody listens. */
async function answer(url) {
  for (let attempt = 0; ; attempt++) {
    try {
      return await fetch(url);
    } catch (error) {
      if (attempt === 300) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
