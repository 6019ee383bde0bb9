/** Layers in their final type: every default filled in, every value parsed. */
import { joinPointer, type RecipePath } from '../../diagnostic/source-text.ts';
import { defined } from '../defined.ts';
import { debEffects, type LayerCommon, type LayerRecipe, type SingleLayer } from '../recipe.ts';
import type { Report } from '../reporter.ts';
import type { GroupItemShape, LayerShape } from '../shape/layer-shape.ts';
import { textsOf } from './normalise-runtime.ts';
import {
  checkLevel,
  type CompressionShape,
  readBase64,
  readCompression,
  readMode,
  readMtime,
  readPlatforms,
  readXattrs,
} from './normalise-value.ts';

export interface LayerReading {
  readonly report: Report;
  /** Where each map of the shape was written. */
  readonly pointers: WeakMap<object, RecipePath>;
}

/** Undefined where a problem leaves nothing to go on with. */
export function normaliseLayer(reading: LayerReading, shape: LayerShape): LayerRecipe | undefined {
  if (!('group' in shape)) return normaliseSingle(reading, shape);
  const items = shape.group.map((item) => normaliseSingle(reading, inherit(item, shape.to), item));
  return {
    ...commonOf(reading, shape),
    kind: 'group',
    items: items.filter((item) => item !== undefined),
  };
}

/** A group's `to` is where those of its items go that say nothing themselves. */
function inherit(item: GroupItemShape, to: string | undefined): GroupItemShape {
  const takesTo =
    'copy' in item ||
    'fetch' in item ||
    'archive' in item ||
    'image' in item ||
    'npm' in item ||
    'deb' in item;
  return takesTo && to !== undefined && item.to === undefined ? { ...item, to } : item;
}

type SingleShape = Exclude<LayerShape, { group: unknown }> | GroupItemShape;

function normaliseSingle(
  reading: LayerReading,
  shape: SingleShape,
  written: SingleShape = shape,
): SingleLayer | undefined {
  const common = commonOf(reading, shape, written);
  if ('copy' in shape) return { ...common, ...copyOf(shape) };
  if ('file' in shape) return normaliseFile(reading, shape, common);
  if ('dir' in shape) return { ...common, kind: 'dir', path: shape.dir };
  if ('link' in shape) {
    return { ...common, kind: 'link', path: shape.link, target: shape.target, hard: shape.hard ?? false };
  }
  if ('remove' in shape) return { ...common, kind: 'remove', paths: listOf(shape.remove) };
  if ('fetch' in shape) return { ...common, ...fetchOf(shape) };
  if ('archive' in shape) return { ...common, ...archiveOf(shape) };
  if ('deb' in shape) return { ...common, ...debOf(shape) };
  if ('npm' in shape) return { ...common, ...npmOf(shape) };
  return { ...common, ...imageOf(shape) };
}

function npmOf(shape: Extract<SingleShape, { npm: string }>) {
  const { npm: source, omit = ['dev'], libc = 'glibc' } = shape;
  const split = 'split' in shape ? shape.split : undefined;
  return { kind: 'npm', source, omit, libc, ...defined({ split }) } as const;
}

function copyOf(shape: Extract<SingleShape, { copy: string }>) {
  const { copy: source, ignore = true, allowSecrets = [] } = shape;
  return { kind: 'copy', source, ...globsOf(shape), ignore, allowSecrets } as const;
}

function fetchOf({ fetch: source, sha256 }: Extract<SingleShape, { fetch: string }>) {
  return { kind: 'fetch', source, ...defined({ sha256 }) } as const;
}

function archiveOf(shape: Extract<SingleShape, { archive: string }>) {
  const { archive: source, strip = 0, sha256 } = shape;
  return { kind: 'archive', source, strip, ...globsOf(shape), ...defined({ sha256 }) } as const;
}

function imageOf(shape: Extract<SingleShape, { image: string }>) {
  const { image: reference, from = '/' } = shape;
  return { kind: 'image', reference, from: listOf(from), ...globsOf(shape) } as const;
}

function debOf(shape: Extract<SingleShape, { deb: string[] }>) {
  const { deb: names, suite = [], components = ['main'], mirror = [], snapshot, keyring } = shape;
  const suites = listOf(suite);
  const written = typeof mirror === 'string' ? [{ url: mirror }] : mirror;
  const mirrors = written.map((one: MirrorShape) => ({
    url: one.url,
    suites: one.suite === undefined ? suites : listOf(one.suite),
    components: one.components ?? components,
    ...defined({ keyring: one.keyring ?? keyring }),
  }));
  const { recommends = false, effects = debEffects } = shape;
  const more = { recommends, effects, ...defined({ snapshot, keyring }) };
  return { kind: 'deb', names, suites, components, mirrors, ...more } as const;
}

interface MirrorShape {
  readonly url: string;
  readonly suite?: string | readonly string[] | undefined;
  readonly components?: readonly string[] | undefined;
  readonly keyring?: string | undefined;
}

interface GlobShapes {
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
}

function globsOf({ include = [], exclude = [] }: GlobShapes) {
  return { include, exclude };
}

function normaliseFile(
  { report }: LayerReading,
  shape: Extract<SingleShape, { file: string }>,
  common: LayerCommon,
): SingleLayer | undefined {
  const { file: path, content, base64 } = shape;
  if ((content === undefined) === (base64 === undefined)) {
    if (content === undefined) report(joinPointer(common.at, 'file'), noContent, 'key');
    else report(joinPointer(common.at, 'base64'), twoContents, 'key');
    return undefined;
  }
  if (content !== undefined) return { ...common, kind: 'file', path, content, encoding: 'text' };
  const read = readBase64(base64 ?? '', { at: joinPointer(common.at, 'base64'), report });
  return read === undefined
    ? undefined
    : { ...common, kind: 'file', path, content: read, encoding: 'base64' };
}

const noContent = {
  code: 'recipe/missing-key',
  message: 'this file layer has neither `content` nor `base64`',
  help: 'give it one of them; an empty file is content: ""',
} as const;

const twoContents = {
  code: 'recipe/misplaced-key',
  message: 'this file layer has both `content` and `base64`',
  help: 'keep one of them',
} as const;

function listOf(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}

function commonOf(
  reading: LayerReading,
  shape: SingleShape | LayerShape,
  written: object = shape,
): LayerCommon {
  const at = reading.pointers.get(written) ?? '';
  const spot = (key: string) => ({ at: joinPointer(at, key), report: reading.report });
  const keys: Keys = shape;
  checkLevel(keys.compression, {
    at: joinPointer(joinPointer(at, 'compression'), 'level'),
    report: reading.report,
  });
  const mtime = keys.mtime === undefined ? undefined : readMtime(String(keys.mtime), spot('mtime'));
  const { name, to, owner, mode, dirMode, xattrs, platforms, compression, dedupe } = keys;
  return {
    at,
    ...defined({ name, to, mtime, dedupe }),
    ...textsOf({ owner }),
    ...defined({
      mode: mode === undefined ? undefined : readMode(mode),
      dirMode: dirMode === undefined ? undefined : readMode(dirMode),
      xattrs: xattrs === undefined ? undefined : readXattrs(textsOf(xattrs), spot('xattrs')),
      platforms: platforms === undefined ? undefined : readPlatforms(platforms, spot('platforms')),
      compression: compression === undefined ? undefined : readCompression(compression),
    }),
  };
}

/** The keys that layers share, each of which some kinds do not have. */
interface Keys {
  readonly name?: string | undefined;
  readonly to?: string | undefined;
  readonly owner?: string | number | undefined;
  readonly mode?: string | undefined;
  readonly dirMode?: string | undefined;
  readonly mtime?: string | number | undefined;
  readonly xattrs?: Readonly<Record<string, string | number>> | undefined;
  readonly platforms?: readonly string[] | undefined;
  readonly compression?: CompressionShape | undefined;
  readonly dedupe?: 'base' | undefined;
}
