/** All that it takes to speak with one registry, loaded as one when the first registry is asked for something. */
import { Authenticator } from './auth.ts';
import { type Endpoint, findOrigin } from './find-origin.ts';
import { HttpClient } from './http-client.ts';
import type { RegistrySettings } from './registry-settings.ts';
import type { Wire } from './wire.ts';

export { Wire } from './wire.ts';

export async function connect(
  at: Endpoint,
  world: { readonly wire: Wire; readonly settings: RegistrySettings },
  signal: AbortSignal,
): Promise<HttpClient> {
  const origin = await findOrigin(at, world, signal);
  return new HttpClient({ origin, authenticator: new Authenticator(at.registry, origin, world), ...world });
}
