/**
 * Where a registry's API is. https, but for hosts named as plain http; loopback, and what registries.conf calls insecure,
 * is tried with https first, and with http when nothing there speaks TLS, as docker and crane do. A certificate that we
 * do not trust is never a reason to try http. The probe carries no credentials.
 */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { isLoopback } from './network-address.ts';
import { isNotTls, networkProblem } from './network-problem.ts';
import { RegistryError } from './registry-error.ts';
import type { Transport } from './registries-conf.ts';
import type { RegistrySettings } from './registry-settings.ts';
import type { Wire } from './wire.ts';

export interface Endpoint {
  readonly registry: string;
  readonly transport: Transport;
}

const probes = 3;

export async function findOrigin(
  { registry, transport }: Endpoint,
  world: { readonly wire: Wire; readonly settings: RegistrySettings },
  signal: AbortSignal,
): Promise<URL> {
  const https = originOf('https:', registry);
  const http = originOf('http:', registry);
  if (world.settings.plainHttp.includes(registry)) return http;
  if (world.settings.offline) return https;
  if (transport === 'tls' && !isLoopback(registry)) return https;
  for (let probe = 1; probe <= probes; probe++) {
    const speaks = await probeTls(https, world.wire, signal);
    if (speaks !== 'unknown') return speaks === 'tls' ? https : http;
  }
  // Whatever is wrong is said by the first real request, which knows what it was for.
  return https;
}

async function probeTls(origin: URL, wire: Wire, signal: AbortSignal): Promise<'tls' | 'plain' | 'unknown'> {
  try {
    const url = new URL('/v2/', origin);
    await (await wire.send({ method: 'GET', url, headers: {}, signal })).discard();
    return 'tls';
  } catch (error) {
    signal.throwIfAborted();
    if (isNotTls(error)) return 'plain';
    // A computer too busy to answer in time says nothing of what it speaks.
    return networkProblem(error).again === 'later' ? 'unknown' : 'tls';
  }
}

// Docker Hub's API has another name than its images (distribution/reference, normalize.go).
function originOf(protocol: 'https:' | 'http:', registry: string): URL {
  const host = registry === 'docker.io' ? 'registry-1.docker.io' : registry;
  const form = /^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,252}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?$/;
  const text = `${protocol}//${host}/`;
  if (form.test(host) && URL.canParse(text)) return new URL(text);
  const subject = { registry: quoteText(registry), action: 'find the registry' };
  throw new RegistryError('registry/name', { subject, found: 'that is not HOST or HOST:PORT' });
}
