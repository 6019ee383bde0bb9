/**
 * Makes docs/images/report-{1280,390}-{light,dark}.png: the report of a project made of this package's own files, built
 * twice with changes in between, in Debian's Chromium. The pictures are for the docs; no test holds them.
 *
 *     npm run build && node scripts/report-screenshots.mjs
 */
import { spawnSync } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const root = resolve(import.meta.dirname, '..');
const images = join(root, 'docs/images');
const packages = ['commander', 'cosmiconfig', 'smol-toml', 'tar-stream', 'undici', 'valibot', 'yaml'];

const recipe = `image: ghcr.io/acme/api
tags: ["1.4.0"]
workdir: /app
user: "10001"
env:
  NODE_ENV: production
  LOG_LEVEL: info
layers:
  - copy: node_modules
    to: node_modules
    name: npm packages
  - copy: dist
    to: dist
    exclude: ["**/*.map"]
  - file: /etc/motd
    content: hello
cmd: [node, dist/server.js]
`;

const scratch = await mkdtemp(join(tmpdir(), 'layerwright-screenshots-'));
try {
  await makeProject();
  run('build', '-q');
  await changeProject();
  run('report', '-q');
  await takePictures(pathToFileURL(join(scratch, 'layerwright-report.html')).href);
} finally {
  await rm(scratch, { recursive: true });
}

async function makeProject() {
  for (const name of packages)
    await cp(join(root, 'node_modules', name), join(scratch, 'node_modules', name), { recursive: true });
  await cp(join(root, 'dist/command'), join(scratch, 'dist'), { recursive: true });
  await writeFile(join(scratch, 'dist/legacy.js'), '// The old way.\n'.repeat(4_000));
  await writeFile(join(scratch, 'dist/server.js'), 'listen();\n'.repeat(9_000));
  await writeFile(join(scratch, 'oci.config.yaml'), recipe);
}

async function changeProject() {
  await appendFile(join(scratch, 'dist/server.js'), 'export {};\n');
  await appendFile(join(scratch, 'dist/start.js'), '\n');
  await writeFile(join(scratch, 'dist/metrics.js'), 'count();\n'.repeat(7_000));
  await rm(join(scratch, 'dist/legacy.js'));
  await writeFile(join(scratch, 'oci.config.yaml'), recipe.replace('LOG_LEVEL: info', 'LOG_LEVEL: warn'));
}

/** @param {readonly string[]} args */
function run(...args) {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'dist/cli.js'), ...args], {
    cwd: scratch,
    encoding: 'utf8',
    env: { ...process.env, LAYERWRIGHT_CACHE_DIR: join(scratch, '.cache') },
  });
  if (status !== 0) throw new Error(stderr);
}

/** @param {string} url */
async function takePictures(url) {
  await mkdir(images, { recursive: true });
  const switches = ['gpu', 'quic', 'background-networking', 'component-update', 'sync'];
  const args = ['--no-sandbox', '--no-first-run', ...switches.map((name) => `--disable-${name}`)];
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args });
  try {
    for (const [width, height] of /** @type {const} */ ([
      [1280, 940],
      [390, 844],
    ])) {
      for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
        const page = await browser.newPage({ viewport: { width, height }, colorScheme });
        await page.goto(url);
        if (width > 1000) await page.getByRole('button', { name: /^server\.js/ }).click();
        await page.evaluate('scrollTo(0, 0)');
        await page.screenshot({ path: join(images, `report-${width}-${colorScheme}.png`) });
        await page.close();
      }
    }
  } finally {
    await browser.close();
  }
}
