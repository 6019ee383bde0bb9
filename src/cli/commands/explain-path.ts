/** `layerwright explain PATH`: which words of the recipe and which layer put a path into the image, and what they hide. */
import type { RecipePlan } from '../../build.ts';
import { lastStep, pathHistory, type PathStep } from '../../core/compare/path-history.ts';
import { escapeText, quoteText } from '../../core/diagnostic/escape-text.ts';
import type { Place } from '../../core/diagnostic/source-text.ts';
import { suggest } from '../../core/diagnostic/suggest.ts';
import type { Digest } from '../../core/digest/digest.ts';
import type { ImageAction } from '../../core/plan/plan.ts';
import type { ContentSource, TreeEntry } from '../../core/tree/file-tree.ts';
import { baseName, type ImagePath, parentPath, parseImagePath } from '../../core/tree/image-path.ts';
import { formatBytes, formatDigest } from '../../io/render/quantity.ts';
import { columnsText } from '../columns.ts';
import { CommandError } from '../command-error.ts';
import { type PlannedLayer, plannedLayers } from '../planned-layers.ts';
import type { Session } from '../session.ts';

export interface PathQuestion {
  readonly planned: RecipePlan;
  readonly path: string;
  readonly json: boolean;
}

/** One layer that did something to the path. */
interface ToldStep {
  readonly does: PathStep['does'];
  /** Counts from 1, the lowest. */
  readonly layer: number;
  readonly label: string;
  readonly digest?: Digest;
  readonly place?: Place;
  readonly source?: ContentSource;
  readonly by: TreeEntry;
}

interface ToldPath {
  readonly image: string;
  /** Where the path leads when the links above it are followed. */
  readonly path: ImagePath;
  readonly isThere: boolean;
  /** What stands there; absent for a folder that no layer describes. */
  readonly entry?: TreeEntry;
  readonly layers: number;
  /** The last first. */
  readonly steps: readonly ToldStep[];
}

/** The text or document for stdout. Throws `command/bad-argument` for a path that no layer of any image names. */
export async function explainPath(question: PathQuestion, session: Session): Promise<string> {
  const path = askedPath(question.path);
  const { planned } = question;
  const told: ToldPath[] = [];
  const names = new Set<ImagePath>();
  for (const image of imagesOf(planned)) {
    const layers = await plannedLayers(image, planned, session);
    told.push(tell(image, layers, path));
    for (const { tree } of layers) for (const entry of tree.entries) names.add(entry.path);
  }
  const found = told.filter(({ steps }) => steps.length > 0);
  if (found.length === 0) throw unknownPath(path, [...names]);
  if (question.json) return `${JSON.stringify(found, undefined, 2)}\n`;
  return found.map((one) => pathText(one, { path, isOnly: told.length === 1 })).join('\n');
}

function askedPath(text: string): ImagePath {
  const parsed = parseImagePath(text);
  if (parsed.ok) return parsed.path;
  throw new CommandError('command/bad-argument', `${quoteText(text)} is no path of an image`, {
    help: 'write a path below `/` without `..`',
  });
}

/** Those that were asked for, each for each of its platforms. */
function imagesOf({ portable }: RecipePlan): ImageAction[] {
  const wanted = new Set(portable.plan.images.flatMap(({ platforms }) => platforms.map(({ key }) => key)));
  return portable.plan.actions.filter(
    (action) => action.kind === 'image' && wanted.has(action.key),
  ) as ImageAction[];
}

function tell(image: ImageAction, layers: readonly PlannedLayer[], path: ImagePath): ToldPath {
  const history = pathHistory(
    layers.map(({ tree }) => tree),
    path,
  );
  const last = lastStep(history);
  return {
    image: image.label,
    path: history.located,
    ...(last?.where === 'here' ? { entry: last.by } : {}),
    isThere: last !== undefined,
    layers: layers.length,
    steps: history.steps.toReversed().flatMap((step) => toldStep(step, layers[step.layer])),
  };
}

function toldStep({ does, layer: at, by }: PathStep, layer: PlannedLayer | undefined): ToldStep[] {
  if (layer === undefined) return [];
  const { label, digest, originOf } = layer;
  const { place, source } = originOf(by);
  return [
    {
      does,
      layer: at + 1,
      label,
      ...(digest === undefined ? {} : { digest }),
      ...(place === undefined ? {} : { place }),
      ...(source === undefined ? {} : { source }),
      by,
    },
  ];
}

/** A path that ends like it, as a path of the context does; else the nearest in its folder, else the same name elsewhere. */
function nearestPath(path: ImagePath, names: readonly ImagePath[]): ImagePath | undefined {
  const ends = (name: ImagePath): string => name.split('/').slice(-path.split('/').length).join('/');
  const nearest = (candidates: readonly ImagePath[], textOf: (name: ImagePath) => string) => {
    const text = suggest(path, candidates.map(textOf));
    return candidates.find((name) => textOf(name) === text);
  };
  return (
    names.find((name) => ends(name) === path) ??
    nearest(
      names.filter((name) => parentPath(name) === parentPath(path)),
      (name) => name,
    ) ??
    names.find((name) => baseName(name) === baseName(path)) ??
    nearest(names, ends)
  );
}

function unknownPath(path: ImagePath, names: readonly ImagePath[]): CommandError {
  const near = nearestPath(path, names);
  return new CommandError('command/bad-argument', `no layer of the image names ${quoteText(`/${path}`)}`, {
    help:
      near === undefined
        ? 'see what it holds with `layerwright ls`'
        : `did you mean ${quoteText(`/${near}`)}?`,
  });
}

function pathText(told: ToldPath, asked: { readonly path: ImagePath; readonly isOnly: boolean }): string {
  const image = asked.isOnly ? '' : `  ${escapeText(told.image)}`;
  const link = told.path === asked.path ? '' : ` is /${escapeText(told.path)}`;
  const stands = told.isThere ? entryText(told.entry) : 'is not in the image';
  const rows = told.steps.map((step) => [
    `  ${verbs[step.does]}`,
    escapeText(step.label),
    placeText(step.place),
    `layer ${String(step.layer)} of ${String(told.layers)}`,
    step.digest === undefined ? 'not built yet' : formatDigest(step.digest),
    sourceText(step),
  ]);
  return `/${escapeText(asked.path)}${link}${image}\n  ${stands}\n${columnsText(rows)}`;
}

const verbs = { adds: 'added by', replaces: 'replaced by', removes: 'removed by' } as const;

function placeText(place: Place | undefined): string {
  return place === undefined ? '' : `${escapeText(place.file)}:${String(place.line)}:${String(place.column)}`;
}

/** `file  mode 0644  owner 0:0  1.2 kB  sha256:…`. */
function entryText(entry: TreeEntry | undefined): string {
  if (entry === undefined || !('mode' in entry)) return 'a folder that no layer describes';
  const { type, mode, uid, gid } = entry;
  const facts = [type, `mode ${mode.toString(8).padStart(4, '0')}`, `owner ${String(uid)}:${String(gid)}`];
  if (entry.type === 'file') facts.push(formatBytes(entry.size), formatDigest(entry.digest));
  if ('target' in entry) facts.push(`→ ${escapeText(entry.target)}`);
  return facts.join('  ');
}

/** `from dist/server.js`. */
function sourceText({ source }: ToldStep): string {
  switch (source?.in) {
    case undefined:
      return '';
    case 'context':
    case 'archive':
      return `from ${escapeText(source.path)}`;
    case 'literal':
      return 'from the recipe';
    case 'blob':
    case 'layer':
      return `from ${formatDigest(source.blob)}`;
  }
}
