/** Puts a report together: an image as it was built, the one before it, the recipe, and how the build went. Pure. */
import { createPlacer, type RecipePath } from '../diagnostic/source-text.ts';
import type { Timeline } from '../event/timeline.ts';
import { formatPlatform } from '../oci/platform.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { NodeEntry } from '../tree/file-tree.ts';
import { comparePaths, type ImagePath } from '../tree/image-path.ts';
import { type ComparedNode, compareFiles, type FileDifference } from './compare-files.ts';
import type { ImageSide } from './image-side.ts';
import type { LayerSource } from './layer-sources.ts';
import { stackLayers, type StackedEntry } from './layer-stack.ts';
import type { RecipeLines, Report, ReportFile, ReportImage, ReportLayer } from './report.ts';
import type { FoundPackages } from './package-owners.ts';
import { reportFields } from './report-fields.ts';
import { groupByPackage, type PackageSide, type PackageSides } from './report-packages.ts';
import { blobsOf, blobsToPull, sizeOf } from './transfer.ts';

export interface ReportRequest {
  readonly writer: string;
  readonly image: ImageSide;
  readonly previous?: ImageSide;
  readonly recipe: Pick<Recipe, 'source' | 'places'>;
  /** Of the image's layers, in their order. */
  readonly sources: readonly LayerSource[];
  readonly timeline?: Timeline;
  /** What the images say of their packages; nothing is said of those of an image for which it is absent. */
  readonly packages?:
    { readonly image: FoundPackages; readonly previous: FoundPackages | undefined } | undefined;
}

export function reportOf(request: ReportRequest): Report {
  const { writer, image, previous, recipe, timeline } = request;
  const linesAt = recipeLines(recipe);
  const { name: file, text } = recipe.source;
  const { files, packages } = groupByPackage(reportFiles(request, linesAt), packageSides(request));
  return {
    reportVersion: 1,
    writer,
    image: reportImage(image),
    ...(previous === undefined ? {} : { previous: reportImage(previous) }),
    pullBytes: sizeOf(previous === undefined ? blobsOf(image) : blobsToPull(previous, image)),
    recipe: { file, text },
    layers: reportLayers(request, linesAt),
    files,
    packages,
    fields: reportFields(previous, image),
    ...(timeline === undefined ? {} : { timeline }),
  };
}

function packageSides({ image, previous, packages }: ReportRequest): PackageSides {
  const sideOf = ({ merged }: ImageSide, found: FoundPackages | undefined): PackageSide => ({
    found: found ?? { packages: [], lists: [] },
    tree: merged.tree,
  });
  return {
    now: sideOf(image, packages?.image),
    ...(previous === undefined ? {} : { before: sideOf(previous, packages?.previous) }),
  };
}

function reportImage(side: ImageSide): ReportImage {
  const { name, descriptor, platform } = side;
  return { name, digest: descriptor.digest, platform: formatPlatform(platform), size: sizeOf(blobsOf(side)) };
}

type LinesAt = (at: RecipePath) => RecipeLines | undefined;

/** The lines of a value of the recipe, or of the nearest one above it that was written. */
function recipeLines({ source, places }: ReportRequest['recipe']): LinesAt {
  const place = createPlacer(source);
  return (at) => {
    for (let pointer = at; ; pointer = pointer.slice(0, pointer.lastIndexOf('/'))) {
      const span = places.values.get(pointer);
      if (span !== undefined) {
        const length = source.text.slice(span.start, span.end).trimEnd().length;
        const last = span.start + Math.max(length - 1, 0);
        return [place(span).line, place({ start: last, end: last }).line];
      }
      if (!pointer.includes('/')) return undefined;
    }
  };
}

function reportLayers({ image, previous, sources }: ReportRequest, linesAt: LinesAt): ReportLayer[] {
  const held = new Set(previous?.layers.map(({ descriptor }) => descriptor.digest));
  return image.layers.map(({ descriptor, history }, position) => {
    const { digest, size } = descriptor;
    const source = sources[position];
    const lines = source === undefined ? undefined : linesAt(source.at);
    return {
      label: source?.label ?? history?.created_by ?? `layer ${String(position + 1)}`,
      digest,
      size,
      change: previous === undefined || held.has(digest) ? 'same' : 'added',
      ...(lines === undefined ? {} : { lines }),
    };
  });
}

function reportFiles(request: ReportRequest, linesAt: LinesAt): ReportFile[] {
  const { image, previous, sources } = request;
  const differences = previous === undefined ? [] : compareFiles(previous.merged, image.merged);
  const byPath = new Map(differences.map((one) => [one.path, one]));
  const lines = fileLines(sources, linesAt);
  const broken = new Set(image.broken);
  const files = stackLayers(image.layers.map(({ sourced }) => sourced.tree))
    .filter(({ path, hiddenBy }) => path !== '' && !(hiddenBy === undefined && broken.has(path)))
    .map((stacked) => ({ ...stackedFile(stacked, byPath), ...lines(stacked) }));
  const removed = differences.flatMap((one) => (one.change === 'removed' ? [removedFile(one)] : []));
  return [...files, ...removed].sort((a, b) => comparePaths(a.path, b.path) || layerOf(a) - layerOf(b));
}

function layerOf({ layer = -1 }: ReportFile): number {
  return layer;
}

function stackedFile(
  { entry, path, layer, hiddenBy }: StackedEntry,
  differences: ReadonlyMap<ImagePath, FileDifference>,
): ReportFile {
  if (hiddenBy !== undefined) return { ...nodeOf(entry, path), change: 'same', layer, hiddenBy };
  const found = differences.get(path);
  const change = found?.change ?? 'same';
  const aspects = found?.change === 'changed' ? { aspects: found.aspects } : {};
  return { ...nodeOf(entry, path), change, ...aspects, layer };
}

function removedFile({ path, before }: FileDifference & { readonly change: 'removed' }): ReportFile {
  return { ...nodeOf(before, path), change: 'removed' };
}

function nodeOf(entry: NodeEntry | ComparedNode, path: ImagePath): Omit<ReportFile, 'change'> {
  const { type, mode, uid, gid } = entry;
  return {
    path,
    type,
    size: entry.type === 'file' ? entry.size : 0,
    mode,
    owner: `${String(uid)}:${String(gid)}`,
    ...('target' in entry ? { target: entry.target } : {}),
  };
}

/** The lines of a file only where they are others than its layer's, since most files of a layer come from one item. */
function fileLines(
  sources: readonly LayerSource[],
  linesAt: LinesAt,
): (stacked: StackedEntry) => Pick<ReportFile, 'source' | 'lines'> {
  const known = new Map<RecipePath, RecipeLines | undefined>();
  return ({ entry, layer }) => {
    const found = sources[layer]?.paths.get(entry.path);
    if (found === undefined) return {};
    const { at, source } = found;
    if (!known.has(at)) known.set(at, linesAt(at));
    const lines = at === sources[layer]?.at ? undefined : known.get(at);
    return { ...(source === undefined ? {} : { source }), ...(lines === undefined ? {} : { lines }) };
  };
}
