/**
 * The registry that npm itself asks where nothing is configured. Its address stands in npm and not here: whoever has
 * another npm has that npm's registry.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { NpmSettings } from '../../core/npm/npmrc.ts';
import type { Machine } from './machine.ts';

const patience = 20_000;

/** The settings with a registry in them, if npm is here and names one; asked at most once. */
export function createRegistryFallback(
  settings: NpmSettings,
  { env, home }: Pick<Machine, 'env' | 'home'>,
): () => Promise<NpmSettings> {
  let asked: Promise<NpmSettings> | undefined;
  return () => {
    if (settings.has('registry')) return Promise.resolve(settings);
    asked ??= askNpm(env, home).then((registry) =>
      registry === undefined ? settings : new Map([...settings, ['registry', registry]]),
    );
    return asked;
  };
}

/** In the user's own folder: a project says nothing here that its .npmrc has not said already. */
async function askNpm(env: Machine['env'], home: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('npm', ['config', 'get', 'registry'], {
      cwd: home,
      env: { ...env },
      timeout: patience,
    });
    const registry = stdout.trim();
    return URL.canParse(registry) ? registry : undefined;
  } catch {
    return undefined;
  }
}
