/** Locks with each thing that can be wrong with them, read as files and held against a recipe. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Bug } from '../../../src/core/diagnostic/bug.ts';
import type { DiagnosticCode } from '../../../src/core/diagnostic/catalogue.ts';
import { DiagnosticsError } from '../../../src/core/diagnostic/failure.ts';
import type { SourceText } from '../../../src/core/diagnostic/source-text.ts';
import { checkLock } from '../../../src/lock.ts';
import { readBase } from '../../../src/io/source/read-outside.ts';
import { readLockFile } from '../../../src/io/source/lock-file.ts';
import { createContext, createReading } from '../../io/source/sample-context.ts';
import { sampleImage, sampleLayer } from '../../io/source/sample-image.ts';
import type { DiagnosticCase, Made } from '../diagnostic-case.ts';
import { inFolder } from '../project-case.ts';

const digests = { one: `sha256:${'1'.repeat(64)}`, two: `sha256:${'2'.repeat(64)}` };

const head = ['lockVersion: 1', 'layerFormat: 1', 'images:'];

function entry(reference: string, digest = digests.one): string[] {
  return [`  ${reference}:`, `    digest: ${digest}`, '    platforms:', `      linux/amd64: ${digests.two}`];
}

const recipe = ['image: example.org/app', 'from: node:22-slim', 'layers: [{ dir: /srv }]'];

/** What `lock --check` says of this lock beside a recipe on node:22-slim. */
function checked(code: DiagnosticCode, ...lines: readonly string[]): DiagnosticCase {
  return { code, make: () => inFolder((folder) => Promise.resolve(checkIn(folder, lines, code))) };
}

/** With the text that the diagnostic of this code points into. */
function checkIn(folder: string, lines: readonly string[], code: DiagnosticCode): Made {
  const path = join(folder, 'oci.lock');
  writeFileSync(path, `${lines.join('\n')}\n`);
  const text = { name: 'oci.config.yaml', text: `${recipe.join('\n')}\n` };
  const texts: SourceText[] = [text];
  const onText = (source: SourceText): void => void texts.push(source);
  const outcome = checkLock({
    source: text,
    folder,
    expansion: { args: {}, env: {} },
    lock: { path, name: 'oci.lock', onText },
  });
  if (outcome.ok) return { diagnostics: outcome.warnings };
  const { diagnostics } = outcome;
  const place = diagnostics.find((one) => one.code === code)?.place;
  const source = texts.find(({ name }) => name === place?.file);
  return { diagnostics, ...(source && { source }) };
}

/** The locked index is there, and has another manifest than the lock says. */
async function mismatched(): Promise<Made> {
  const image = sampleImage({ layers: [sampleLayer({ a: 'x' })] });
  const lines = [...head, ...entry('docker.io/library/node:22-slim', image.root.digest)];
  return inFolder(async (folder) => {
    const path = join(folder, 'oci.lock');
    writeFileSync(path, `${lines.join('\n')}\n`);
    const read = readLockFile({ path, name: 'oci.lock' });
    if (!read.ok || read.value === undefined) throw new Bug('the lock of this case cannot be read');
    const { source } = read.value;
    const openImage = () => Promise.resolve(image);
    const reading = createReading(createContext({}), { openImage, lock: read.value });
    try {
      await readBase(reading, {
        reference: 'node:22-slim',
        platform: { os: 'linux', architecture: 'amd64' },
      });
    } catch (error) {
      if (error instanceof DiagnosticsError) return { diagnostics: error.diagnostics, source };
      throw error;
    }
    throw new Bug('the lock of this case is believed');
  });
}

async function unwritable(): Promise<Made> {
  return inFolder((folder) => {
    const path = join(folder, 'oci.lock');
    mkdirSync(path);
    readLockFile({ path, name: 'oci.lock' });
    return Promise.resolve({ diagnostics: [] });
  });
}

export const lockCases: readonly DiagnosticCase[] = [
  checked('lock/unreadable', ...head, ...entry('docker.io/library/node:22-slim', 'sha256:12')),
  checked('lock/version', 'lockVersion: 2', 'bases: []'),
  checked('lock/layer-format', 'lockVersion: 1', 'layerFormat: 0'),
  checked('lock/missing', ...head, ...entry('docker.io/library/node:20-slim')),
  checked('lock/stale', ...head, ...entry('docker.io/library/node:20-slim')),
  checked('lock/disagrees', ...head, ...entry(`docker.io/library/node@${digests.two}`)),
  { code: 'lock/mismatch', make: mismatched },
  { code: 'lock/unwritable', make: unwritable },
];
