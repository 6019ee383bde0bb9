/** The `Docker-Content-Digest` of an answer about a blob (N37): absent is our own digest, another one is an error. */
import { type Digest, parseDigest } from '../../core/digest/digest.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { RegistryError } from './registry-error.ts';
import { type Repository, subjectIn } from './repository.ts';
import type { WireResponse } from './wire.ts';

/** Throws RegistryError `registry/differs`. */
export function checkStated(response: WireResponse, repository: Repository, wanted: Digest): void {
  const text = response.header('docker-content-digest');
  const stated = text === undefined || text === '' ? undefined : parseDigest(text);
  if (stated === undefined || (stated.ok && stated.digest === wanted)) return;
  throw new RegistryError('registry/differs', {
    subject: subjectIn(repository, `write blob ${wanted}`),
    found: `the registry says it has ${quoteText(text ?? '')} instead`,
  });
}
