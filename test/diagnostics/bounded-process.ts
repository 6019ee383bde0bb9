/**
 * What an ordinary user meets and root does not: no permission, a limit on files. The mistakes stand in
 * bounded-child.ts and are made in a process of their own, which gives root up and says its diagnostics as JSON.
 */
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { BoundedCode } from './bounded-child.ts';
import type { DiagnosticCase, Made } from './diagnostic-case.ts';

/** As `ulimit` of Debian's sh takes them: blocks of 512 bytes, open files, processes and threads. */
export type Limit = '-f' | '-n' | '-p';

/** The case of a mistake in bounded-child.ts. */
export function boundedCase(code: BoundedCode, limits: Partial<Record<Limit, number>> = {}): DiagnosticCase {
  return { code, make: () => runChild(code, limits), scrub: scrubFolder };
}

/** A case folder (project-case.ts) in a text, as a path that is the same each time. */
export function scrubFolder(text: string): string {
  return text.replaceAll(realpathSync(tmpdir()), '').replace(/\/layerwright-case-\w{6}/g, '/work/api');
}

async function runChild(code: BoundedCode, limits: Partial<Record<Limit, number>>): Promise<Made> {
  script ??= bundleChild();
  const bounds = Object.entries(limits).map(([flag, value]) => `ulimit ${flag} ${String(value)}; `);
  const command = `${bounds.join('')}exec "$0" --input-type=module - "$1"`;
  const { stdout, stderr } = spawnSync('sh', ['-c', command, process.execPath, code], {
    input: await script,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(`the process of ${code} said nothing: ${stderr}`);
  return JSON.parse(stdout) as Made;
}

let script: Promise<string> | undefined;

async function bundleChild(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'bounded-child.ts')],
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@napi-rs/xattr', 'vitest'],
    // tar-stream is CommonJS, whose `require` a module has not.
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf('/');",
    },
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}
