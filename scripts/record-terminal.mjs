/**
 * `npm run record`: types the first build of a project into a real terminal (script(1)), and writes what it showed as
 * docs/images/first-build.cast (asciicast v2) and, drawn from it, docs/images/first-build.svg. The base comes from
 * docker.io, or from where CONTAINERS_REGISTRIES_CONF leads. With `--draw` the cast is only drawn again.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './built-command.mjs';
import { drawCast, readCast } from './recording/draw-cast.mjs';

const place = join(root, 'docs/images/first-build');
const size = { width: 96, height: 24 };
const title =
  'A terminal: layerwright init writes a recipe, build makes the image, a second build has nothing to do, run runs it.';
const lines = [
  'npx layerwright init',
  'cat oci.config.yaml',
  'npx layerwright build -o oci:out',
  'npx layerwright build -o oci:out',
  'npx layerwright run oci:out',
];
const prompt = '\u001b[32m~/hello\u001b[0m $ ';
/** Seconds: between two keys, before and after a line is entered, and what a longer silence is cut to. */
const pace = { key: 0.07, line: 0.5, rest: 1.4, silence: 0.4 };

if (!process.argv.includes('--draw')) writeFileSync(`${place}.cast`, await record());
writeFileSync(`${place}.svg`, drawCast(readCast(readFileSync(`${place}.cast`, 'utf8')), title));

async function record() {
  const folder = mkdtempSync(join(tmpdir(), 'layerwright-record-'));
  try {
    const project = makeProject(folder);
    /** @type {[number, string][]} */
    const events = [[0, prompt]];
    for (const line of lines) {
      type(line, events);
      await run(line, { project, folder, events });
      events.push([later(events, pace.rest), prompt]);
    }
    const rows = events.map(([time, text]) => JSON.stringify([Number(time.toFixed(3)), 'o', text]));
    return `${[JSON.stringify({ version: 2, ...size, title }), ...rows].join('\n')}\n`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} folder */
function makeProject(folder) {
  const project = join(folder, 'hello');
  mkdirSync(join(project, 'dist'), { recursive: true });
  mkdirSync(join(project, 'node_modules/.bin'), { recursive: true });
  symlinkSync(root, join(project, 'node_modules/layerwright'));
  symlinkSync(join(root, 'dist/cli.js'), join(project, 'node_modules/.bin/layerwright'));
  writeFileSync(join(project, 'package.json'), '{"name":"hello","version":"1.0.0"}\n');
  writeFileSync(join(project, 'dist/server.js'), "console.log('Hello from Node', process.version);\n");
  return project;
}

/**
 * @param {readonly [number, string][]} events
 * @param {number} seconds
 */
function later(events, seconds) {
  return (events.at(-1)?.[0] ?? 0) + seconds;
}

/**
 * @param {string} line
 * @param {[number, string][]} events
 */
function type(line, events) {
  for (const [index, keys] of (line.match(/.{1,3}/g) ?? []).entries())
    events.push([later(events, index === 0 ? pace.line : pace.key), keys]);
  events.push([later(events, pace.line), '\r\n']);
}

/**
 * Runs a line in a terminal, and keeps what it shows with the times at which it came.
 * @param {string} line
 * @param {{ project: string, folder: string, events: [number, string][] }} where
 * @returns {Promise<void>}
 */
function run(line, { project, folder, events }) {
  const command = `stty cols ${size.width} rows ${size.height}; ${line}`;
  const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: project,
    env: { ...process.env, TERM: 'xterm', CI: '', LAYERWRIGHT_CACHE_DIR: join(folder, 'cache') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = performance.now();
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    const now = performance.now();
    events.push([later(events, Math.min((now - last) / 1000, pace.silence)), text]);
    last = now;
  });
  return new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('close', (status) => {
      if (status === 0) settle();
      else fail(new Error(`${line} ended with ${String(status)}`));
    });
  });
}
