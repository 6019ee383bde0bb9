/** What a credential is, and whoever can be asked for one. */
import type { Secret } from './secret.ts';

export type Credential = {
  /** Where it came from, for messages: a file, a variable, a helper. */
  readonly source: string;
} & (
  | { readonly kind: 'password'; readonly username: string; readonly password: Secret }
  /** A refresh token for the registry's token server (docker's `identitytoken`). */
  | { readonly kind: 'identity-token'; readonly token: Secret }
);

export interface CredentialQuestion {
  /** As the user writes it, e.g. `docker.io` or `127.0.0.1:5000`. */
  readonly registry: string;
  readonly repository?: string;
}

export interface Credentials {
  /** Errors: RegistryError `registry/credential-file`, `registry/credential-helper`. */
  find(question: CredentialQuestion): Promise<Credential | undefined>;
}

/** No credentials for anyone. */
export const anonymous: Credentials = { find: () => Promise.resolve(undefined) };
