/**
 * Which hosts are ours alone: loopback, link-local, private, unspecified and metadata addresses. Only what the text of
 * a URL says is judged, after the URL parser has brought `0x7f.1` or `[::ffff:127.0.0.1]` into one form; names are not
 * looked up here.
 */
import { BlockList, isIP } from 'node:net';

export type AddressKind = 'loopback' | 'link-local' | 'private' | 'unspecified' | 'public';

const ranges: readonly (readonly [Exclude<AddressKind, 'public'>, BlockList])[] = [
  ['loopback', listOf(['127.0.0.0', 8, 'ipv4'], ['::1', 128, 'ipv6'])],
  // RFC 3927 and RFC 4291, 2.5.6; 169.254.169.254 and fd00:ec2::254 are cloud metadata services.
  [
    'link-local',
    listOf(
      ['169.254.0.0', 16, 'ipv4'],
      ['fe80::', 10, 'ipv6'],
      ['fd00:ec2::', 32, 'ipv6'],
      ['100.100.100.200', 32, 'ipv4'],
    ),
  ],
  [
    'private',
    listOf(
      ['10.0.0.0', 8, 'ipv4'],
      ['172.16.0.0', 12, 'ipv4'],
      ['192.168.0.0', 16, 'ipv4'],
      ['100.64.0.0', 10, 'ipv4'],
      ['fc00::', 7, 'ipv6'],
    ),
  ],
  // Also NAT64 (RFC 6052), 6to4 and multicast: nothing that a registry has reason to name.
  [
    'unspecified',
    listOf(
      ['0.0.0.0', 8, 'ipv4'],
      ['224.0.0.0', 3, 'ipv4'],
      ['::', 128, 'ipv6'],
      ['64:ff9b::', 96, 'ipv6'],
      ['2002::', 16, 'ipv6'],
      ['ff00::', 8, 'ipv6'],
    ),
  ],
];

/** The kind of a host as it stands in `URL.hostname`: an IP literal (IPv6 in brackets) or a name. */
export function addressKind(hostname: string): AddressKind {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const version = isIP(host);
  if (version === 0) return kindOfName(host.toLowerCase());
  const family = version === 4 ? 'ipv4' : 'ipv6';
  return ranges.find(([, list]) => list.check(host, family))?.[0] ?? 'public';
}

/** Whether a registry, written `HOST` or `HOST:PORT`, is on this computer. */
export function isLoopback(registry: string): boolean {
  return addressKind(registry.replace(/:\d+$/, '')) === 'loopback';
}

// RFC 6761, 6.3: localhost and every name below it is loopback.
function kindOfName(name: string): AddressKind {
  if (name === 'localhost' || name.endsWith('.localhost')) return 'loopback';
  return name === 'metadata.google.internal' ? 'link-local' : 'public';
}

function listOf(...subnets: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix, family] of subnets) list.addSubnet(network, prefix, family);
  return list;
}
