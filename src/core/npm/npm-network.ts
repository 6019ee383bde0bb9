/**
 * How npm's settings say that registries are reached: whose certificates are trusted (`ca`, `cafile`) and which proxy is
 * asked (`https-proxy`, `proxy`, `noproxy`), with the meaning that they have in npm-registry-fetch and @npmcli/agent.
 */
import { listSeparator, mergeSettings, type NpmSettings } from './npmrc.ts';

export interface NpmNetwork {
  /** PEM text, in place of the authorities that are trusted otherwise. */
  readonly ca?: string;
  /** A file of such text, as written; it goes before `ca` where both stand in one place. */
  readonly cafile?: string;
  /** For http and https; the environment's where it is absent. */
  readonly proxy?: string;
  /** Hosts and domains, each alone and with a dot before it: all that stands below a domain is meant too. */
  readonly noProxy?: string;
}

/** `ordered`: the settings of each place, those that count most first. */
export function npmNetwork(ordered: readonly NpmSettings[]): NpmNetwork {
  const settings = mergeSettings(ordered);
  // The two are one setting under two names: a file of the machine does not go before a text of the user.
  const place = ordered.find((one) => one.has('ca') || one.has('cafile')) ?? settings;
  const [ca, cafile] = [valueOf(place, 'ca'), valueOf(place, 'cafile')];
  const proxy = valueOf(settings, 'https-proxy') ?? valueOf(settings, 'proxy');
  const noProxy = valueOf(settings, 'noproxy');
  return {
    ...(ca === undefined ? {} : { ca: ca.replaceAll('\\n', '\n') }),
    ...(cafile === undefined ? {} : { cafile }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(noProxy === undefined ? {} : { noProxy: withDomains(noProxy) }),
  };
}

/** `null` and `false` are what npm writes for nothing. */
function valueOf(settings: NpmSettings, key: string): string | undefined {
  const value = settings.get(key);
  return value === undefined || ['', 'null', 'false'].includes(value) ? undefined : value;
}

function withDomains(listed: string): string {
  const hosts = listed.replaceAll(listSeparator, ',').split(',');
  const names = hosts.map((host) => host.trim().replace(/^[.]+/, '')).filter((host) => host !== '');
  return names.flatMap((name) => [name, `.${name}`]).join(',');
}
