/** Credentials: who has some for a registry. Nothing is asked before a registry wants to know who we are. */
import type { Credentials } from './credential.ts';
import { type CredentialPlaces, credentialSources } from './credential-sources.ts';

export type { CredentialPlaces } from './credential-sources.ts';

/** The sources of this computer, asked in their order (credential-sources.ts); the first that has one wins. */
export function credentialsOf(places: CredentialPlaces): Credentials {
  return firstOf(credentialSources(places).map(({ credentials }) => credentials));
}

/** Asks each in turn. */
export function firstOf(sources: readonly Credentials[]): Credentials {
  return {
    async find(question) {
      for (const source of sources) {
        const found = await source.find(question);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}
