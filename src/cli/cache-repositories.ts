/** `--cache-from` and `--cache-to`: repositories of registries, in which results are kept under tags of our own. */
import { escapeText } from '../core/diagnostic/escape-text.ts';
import { parseNormalizedReference } from '../core/oci/normalize-reference.ts';
import type { CacheRepository } from '../io/execute/remote-cache.ts';
import { CommandError } from './command-error.ts';

export interface CacheOptions {
  readonly cacheFrom?: readonly string[];
  readonly cacheTo?: readonly string[];
}

/** Throws CommandError `command/bad-argument` for what is no repository alone. */
export function cacheRepositories(flag: string, written: readonly string[] = []): CacheRepository[] {
  return written.map((text) => {
    const parsed = parseNormalizedReference(text);
    if (parsed.ok && parsed.reference.tag === undefined && parsed.reference.digest === undefined)
      return { registry: parsed.reference.domain, repository: parsed.reference.path };
    throw new CommandError('command/bad-argument', `${flag} ${escapeText(text)} is not REGISTRY/REPOSITORY`, {
      help: `write it as ${flag} registry.example/acme/cache, without a tag`,
    });
  });
}
