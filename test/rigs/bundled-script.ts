/** Test code as one plain script, so that another user's Node can run it. */
import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles `source` into `folder` and gives the script's path; the optional native module is left out. */
export async function bundleScript(source: string, folder: string): Promise<string> {
  const outfile = join(folder, 'script.mjs');
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['@napi-rs/xattr'],
    logLevel: 'error',
  });
  return outfile;
}
