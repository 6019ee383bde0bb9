/**
 * How two images differ as other tools see them: their files as umoci unpacks them, their documents as skopeo prints
 * them. Nothing of ours is used, so that what we say of two images can be held against it.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type ListedNode, listTree } from './tree-listing.ts';

export interface UnpackedDifferences {
  /** Whether the manifests are the same bytes. */
  readonly same: boolean;
  /** `+ path`, `- path`, `~ path: aspects`; aspects sorted. */
  readonly files: readonly string[];
  /** Names of fields, an item's own behind it: `env PATH`. */
  readonly config: readonly string[];
  /** Names of the manifest's annotations. */
  readonly annotations: readonly string[];
  /** How many layers of the second image the first one has: the same bytes, and the same content in any bytes. */
  readonly sharedDigests: number;
  readonly sharedDiffIds: number;
}

/** `place` is a folder for what is unpacked; references are as skopeo takes them, from there. */
export function unpackedDifferences(place: string, before: string, after: string): UnpackedDifferences {
  const [old, now] = [viewOf(place, before, 'before'), viewOf(place, after, 'after')];
  return {
    same: old.manifestDigest === now.manifestDigest,
    files: fileDifferences(old.nodes, now.nodes),
    config: differentNames(old.fields, now.fields),
    annotations: differentNames(old.annotations, now.annotations),
    sharedDigests: inCommon(old.digests, now.digests),
    sharedDiffIds: inCommon(old.diffIds, now.diffIds),
  };
}

interface View {
  readonly manifestDigest: string;
  readonly nodes: ReadonlyMap<string, ListedNode>;
  readonly fields: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  readonly digests: readonly string[];
  readonly diffIds: readonly string[];
}

interface Manifest {
  readonly layers: readonly { readonly digest: string }[];
  readonly annotations?: Readonly<Record<string, string>>;
}

type Json = Readonly<Record<string, unknown>>;

function viewOf(place: string, reference: string, name: string): View {
  const tool = (command: string, ...args: readonly string[]): string =>
    execFileSync(command, args, { cwd: place, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  // umoci reads layouts of gzip alone.
  tool('skopeo', 'copy', '--dest-compress-format', 'gzip', reference, `oci:unpacked-${name}:t`);
  tool('umoci', 'unpack', '--image', `unpacked-${name}:t`, `bundle-${name}`);
  const manifest = tool('skopeo', 'inspect', '--raw', reference);
  const config = JSON.parse(tool('skopeo', 'inspect', '--raw', '--config', reference)) as Json;
  const { layers, annotations = {} } = JSON.parse(manifest) as Manifest;
  const { diff_ids: diffIds } = config['rootfs'] as { readonly diff_ids: readonly string[] };
  return {
    manifestDigest: createHash('sha256').update(manifest).digest('hex'),
    nodes: listTree(join(place, `bundle-${name}`, 'rootfs')),
    fields: fieldsOf(config),
    annotations: new Map(Object.entries(annotations)),
    digests: layers.map(({ digest }) => digest),
    diffIds,
  };
}

function fileDifferences(
  old: ReadonlyMap<string, ListedNode>,
  now: ReadonlyMap<string, ListedNode>,
): string[] {
  const paths = [...new Set([...old.keys(), ...now.keys()])].sort();
  return paths.flatMap((path) => {
    const [before, after] = [old.get(path), now.get(path)];
    if (before === undefined || after === undefined) return [`${before === undefined ? '+' : '-'} ${path}`];
    const links = linksOf(path, old, now) === linksOf(path, now, old) ? [] : ['hardlinks'];
    const aspects = [...aspectsOf(before, after), ...links].sort();
    return aspects.length === 0 ? [] : [`~ ${path}: ${aspects.join(' ')}`];
  });
}

function aspectsOf(before: ListedNode, after: ListedNode): string[] {
  if (before.type !== after.type) return ['type'];
  const names = ['content', 'target', 'device', 'mode', 'owner', 'mtime', 'xattrs'] as const;
  return names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

/** The names of a file, of those that both images have. */
function linksOf(
  path: string,
  nodes: ReadonlyMap<string, ListedNode>,
  others: ReadonlyMap<string, ListedNode>,
): string {
  const first = nodes.get(path)?.sameAs ?? path;
  const names = [...nodes].filter(([name, node]) => (node.sameAs ?? name) === first && others.has(name));
  return names.map(([name]) => name).join();
}

function fieldsOf({ config = {}, rootfs: _, os, architecture, ...own }: Json): Map<string, string> {
  const { Env, Labels, ExposedPorts, Volumes, ...others } = config as Json;
  const items = (name: string, value: unknown): [string, unknown][] =>
    Object.entries((value ?? {}) as Json).map(([key, item]) => [`${name} ${key}`, item]);
  const env = ((Env ?? []) as readonly string[]).map(
    (text) => /^(.*?)=(.*)$/s.exec(text)?.slice(1, 3) ?? [text, ''],
  );
  const all: [string, unknown][] = [
    ['platform', [os, architecture]],
    ...items('env', Object.fromEntries(env)),
    ...items('label', Labels),
    ...items('port', ExposedPorts),
    ...items('volume', Volumes),
    ...Object.entries({ ...others, ...own }).map(([name, value]): [string, unknown] => [wordOf(name), value]),
  ];
  const told = all.map(([name, value]) => [name, JSON.stringify(value)] as const);
  return new Map(
    told.filter(
      ([name, text]) =>
        !['null', '""', '[]', '{}'].includes(text) || /^(?:env|label|port|volume) /.test(name),
    ),
  );
}

/** `WorkingDir` is workdir; the others are told by their own names in words. */
function wordOf(name: string): string {
  if (name === 'WorkingDir') return 'workdir';
  return /^[A-Z]/.test(name) ? name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase() : name;
}

function differentNames(old: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): string[] {
  const names = new Set([...old.keys(), ...now.keys()]);
  return [...names].filter((name) => old.get(name) !== now.get(name)).sort();
}

function inCommon(old: readonly string[], now: readonly string[]): number {
  const left = [...old];
  return now.filter((name) => left.includes(name) && left.splice(left.indexOf(name), 1).length > 0).length;
}
