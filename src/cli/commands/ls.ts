/** `layerwright ls`: the files of an image, merged, or layer by layer with what each takes away. */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { mergeLayers } from '../../core/tree/merge-layers.ts';
import type { TreeEntry } from '../../core/tree/file-tree.ts';
import { layerTree } from '../../io/source/image-layers.ts';
import { sourcedTree } from '../../io/source/packed-tree.ts';
import type { ImageSource } from '../../io/transport/transport.ts';
import type { Invocation } from '../command-spec.ts';
import { oneManifest, storeOne, withImage } from '../located-image.ts';
import type { CommonOptions, RegistryOptions } from '../options.ts';
import { type Session, withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

interface LsOptions extends CommonOptions, RegistryOptions {
  readonly layers?: boolean;
  readonly platform?: readonly string[];
}

/** The entries of one layer, or of the whole image. */
interface Listing {
  readonly layer?: string;
  readonly entries: readonly TreeEntry[];
}

export async function runLs(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as LsOptions;
  const [reference = ''] = invocation.operands;
  return withSession({ options, surroundings, access: 'read-write' }, async (session) =>
    withImage(reference, session, async (source) => {
      const listings = await listFiles(source, options, session);
      const text = options.json === true ? `${JSON.stringify(listings, undefined, 2)}\n` : textOf(listings);
      surroundings.stdout.write(text);
      return exitCodes.done;
    }),
  );
}

async function listFiles(source: ImageSource, options: LsOptions, session: Session): Promise<Listing[]> {
  const built = await storeOne(source, session, await oneManifest(source, options.platform));
  const layers = [];
  for (const layer of built.images[0]?.layers ?? []) {
    const { store, signal } = session;
    const packed = await layerTree({ source, store, signal }, layer);
    const { digest } = layer.descriptor;
    layers.push({ digest, tree: sourcedTree(packed, (offset) => ({ in: 'layer', blob: digest, offset })) });
  }
  if (options.layers === true)
    return layers.map(({ digest, tree }) => ({ layer: digest, entries: tree.tree.entries }));
  return [{ entries: mergeLayers(layers.map(({ tree }) => tree)).merged.tree.entries }];
}

function textOf(listings: readonly Listing[]): string {
  return listings
    .flatMap(({ layer, entries }) => [
      ...(layer === undefined ? [] : [layer]),
      ...entries.map((entry) => lineOf(entry)),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

const kinds: Readonly<Record<TreeEntry['type'], string>> = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  hardlink: 'h',
  fifo: 'p',
  'block-device': 'b',
  'character-device': 'c',
  removed: 'x',
  opaque: 'o',
};

/** `-0644 0:0 1234 /path -> target`: kind and mode, owner, bytes, path. */
function lineOf(entry: TreeEntry): string {
  const path = `/${escapeText(entry.path)}`;
  if (entry.type === 'removed' || entry.type === 'opaque') return `${kinds[entry.type]}---- ${path}`;
  const mode = entry.mode.toString(8).padStart(4, '0');
  const size = entry.type === 'file' ? String(entry.size) : '-';
  const target = 'target' in entry ? ` -> ${escapeText(entry.target)}` : '';
  return `${kinds[entry.type]}${mode} ${String(entry.uid)}:${String(entry.gid)} ${size} ${path}${target}`;
}
