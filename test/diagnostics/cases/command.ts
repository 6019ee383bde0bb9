/** Calls of the command that cannot be followed. */
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { requireDestinations } from '../../../src/cli/deliver-all.ts';
import { sourceDateEpoch } from '../../../src/cli/epoch.ts';
import { findConfig } from '../../../src/cli/find-config.ts';
import { partOf } from '../../../src/cli/image-part.ts';
import { oneManifest } from '../../../src/cli/located-image.ts';
import { platformsOf } from '../../../src/cli/platforms.ts';
import { copiedOutput } from '../../../src/cli/copied-output.ts';
import { requireReportPlace } from '../../../src/cli/report-file.ts';
import { refuseGrowth } from '../../../src/cli/refuse-growth.ts';
import { appendToStep, outputsText } from '../../../src/cli/step-files.ts';
import { readBytes, replaceTextFile } from '../../../src/cli/write-file.ts';
import { digestOfValue } from '../../../src/core/digest/digest.ts';
import type { Diagnostic } from '../../../src/core/diagnostic/diagnostic.ts';
import type { DiagnosticCode } from '../../../src/core/diagnostic/catalogue.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { openStored } from '../../../src/io/transport/stored.ts';
import { putTestImage, putTestIndex } from '../../rigs/test-image.ts';
import type { DiagnosticCase, Made } from '../diagnostic-case.ts';
import { inFolder, planOf, writeFiles } from '../project-case.ts';

/** What fails; how it went well has no diagnostics. */
type Call = (folder: string) => unknown;

/** A call in a folder with these files. It has a `.git`, above which no recipe is looked for. */
function failing(
  code: DiagnosticCode,
  call: Call,
  files: Readonly<Record<string, string>> = {},
): DiagnosticCase {
  let used = '';
  const make = (): Promise<Made> =>
    inFolder(async (folder) => {
      used = folder;
      writeFiles(folder, { '.git/HEAD': '', ...files });
      await call(folder);
      return { diagnostics: [] };
    });
  return { code, make, scrub: (text) => text.replaceAll(used, '/work/api') };
}

function find(file?: string): Call {
  return (cwd) => findConfig({ cwd, file, stdin: Readable.from([]) });
}

/** The destinations of two images, of which one has a name to be pushed under. */
function deliveries(options: Parameters<typeof requireDestinations>[1]): Call {
  return async (folder) => {
    const { portable } = await planOf({
      recipe: ['layers: [{ dir: /app }]', 'images:', '  web: { image: ghcr.io/acme/web }', '  api: {}'],
    });
    requireDestinations(portable.plan.images, options, { folder, contextFolder: folder });
  };
}

/** One manifest out of an image for two platforms. */
function choosing(...platforms: readonly string[]): Call {
  return async () => {
    const { blobs } = createMemoryStore();
    const image = await putTestImage(blobs, ['layer']);
    const { digest } = await putTestIndex(blobs, { amd64: image, arm64: image });
    await oneManifest(await openStored(digest, blobs), platforms);
  };
}

/** An image that was 48 MB. */
function grown(): void {
  const image = { name: '', platform: '', digest: digestOfValue(''), layers: 1, files: 1, fileBytes: 1 };
  refuseGrowth({ before: { ...image, size: 48_000_000 }, after: { ...image, size: 53_500_017 } }, 5_000_000);
}

/** Two of three platforms. */
const narrowing: DiagnosticCase = {
  code: 'command/new-index',
  make: async () => {
    const { blobs } = createMemoryStore();
    const image = await putTestImage(blobs, ['layer']);
    const others = [await putTestImage(blobs, ['other']), await putTestImage(blobs, ['third'])] as const;
    const { digest } = await putTestIndex(blobs, { amd64: image, arm64: others[0], s390x: others[1] });
    const diagnostics: Diagnostic[] = [];
    await partOf(await openStored(digest, blobs), ['linux/arm64', 'linux/amd64'], (warning) => {
      diagnostics.push(warning);
    });
    return { diagnostics };
  },
};

/** A report in a folder that the recipe copies. */
const copied: DiagnosticCase = {
  code: 'command/output-in-image',
  make: async () => {
    const planned = await planOf({ recipe: ['layers: [{ copy: dist }]'], files: { 'dist/report.html': '' } });
    const found = copiedOutput('/work/api/dist/report.html', { ...planned, contextFolder: '/work/api' });
    return { diagnostics: found === undefined ? [] : [found] };
  },
};

/** As under a Node that does not run TypeScript, which those of version 20 are. */
async function withoutTypeScript(use: () => Promise<unknown>): Promise<void> {
  const known = Object.getOwnPropertyDescriptor(process.features, 'typescript');
  Object.defineProperty(process.features, 'typescript', { value: false, configurable: true });
  try {
    await use();
  } finally {
    if (known === undefined) Reflect.deleteProperty(process.features, 'typescript');
    else Object.defineProperty(process.features, 'typescript', known);
  }
}

function typescript(): DiagnosticCase {
  const code = 'command/types-not-stripped';
  const call: Call = (folder) => withoutTypeScript(async () => find('oci.config.ts')(folder));
  const made = failing(code, call, { 'oci.config.ts': 'export default {};' });
  return { ...made, scrub: (text) => text.replace(process.version, 'v20.19.0') };
}

/** A file of GitHub's in a folder that is not there. */
function stepFile(): DiagnosticCase {
  const diagnostics: Diagnostic[] = [];
  const show = (warning: Diagnostic): void => void diagnostics.push(warning);
  const made = failing('command/step-file', (folder) => {
    const env = { GITHUB_OUTPUT: join(folder, 'commands/set_output') };
    appendToStep('GITHUB_OUTPUT', outputsText({ digest: 'sha256:' }), { env, show });
  });
  return { ...made, make: async () => ({ ...(await made.make()), diagnostics }) };
}

export const commandCases: readonly DiagnosticCase[] = [
  failing('command/bad-epoch', () => sourceDateEpoch({ SOURCE_DATE_EPOCH: 'yesterday' })),
  failing('command/bad-argument', () => platformsOf(['linux arm64'])),
  failing('command/no-reference', deliveries({ push: true })),
  failing('command/outputs-collide', deliveries({ output: ['bundle:out'] })),
  narrowing,
  failing('command/several-platforms', choosing('linux/amd64', 'linux/arm64')),
  failing('command/no-such-platform', choosing('linux/s390x')),
  failing('command/grew-too-much', grown),
  failing('command/unreadable-file', (folder) => readBytes(folder, 'plan.json')),
  failing('command/unwritable-file', (folder) => replaceTextFile(folder, 'out/plan.json', '{}')),
  stepFile(),
  failing(
    'command/not-ours',
    (folder) => {
      requireReportPlace(folder, 'index.html');
    },
    { 'index.html': '<!doctype html>' },
  ),
  copied,
  failing('command/no-recipe', find()),
  failing('command/several-recipes', find(), { 'oci.config.yaml': '', '.ocirc': '' }),
  failing('command/recipe-code', find('oci.config.mjs'), {
    'oci.config.mjs': "throw new Error('VERSION is not set');",
  }),
  typescript(),
];
