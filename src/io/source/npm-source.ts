/**
 * `npm`: the production packages of a package-lock.json as trees, one for each layer, without npm and without a single
 * script of theirs. What was laid out once is remembered by all that decides it, so that a build in which nothing
 * changed reads no tarball and asks nobody.
 */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import type { SourcePackage } from '../../core/compare/source-packages.ts';
import { type Digest, digestOfValue } from '../../core/digest/digest.ts';
import { commandsOf } from '../../core/npm/command-links.ts';
import { isTop } from '../../core/npm/dependency-graph.ts';
import { layPackages, type PackageToLay } from '../../core/npm/lay-packages.ts';
import { npmPlatform } from '../../core/npm/npm-platform.ts';
import { packageClosure, packageText } from '../../core/npm/package-closure.ts';
import type { PackageFile, PackageTree } from '../../core/npm/package-files.ts';
import type { LockedPackage } from '../../core/npm/package-lock.ts';
import { textOf } from '../../core/npm/read-json.ts';
import type { InstalledPackage } from '../../core/npm/place-packages.ts';
import { partOfPackage } from '../../core/npm/split-packages.ts';
import type { NpmRequest, SourceTree } from '../../core/plan/snapshot.ts';
import type { ContentSource } from '../../core/tree/file-tree.ts';
import { type ImagePath, joinPath, parseImagePath } from '../../core/tree/image-path.ts';
import { npmCacheFolder, readNpmSetup } from './npm-config.ts';
import { createRegistryFallback } from './npm-own-registry.ts';
import { readLocalPackage } from './npm-local.ts';
import { ensureTarballs, readPackages } from './npm-packages.ts';
import {
  type JsonFile,
  locateNpmProject,
  type NpmProject,
  readManifest,
  readNpmProject,
  requireInStep,
} from './npm-project.ts';
import type { TarballContext } from './npm-tarball.ts';
import { npmTrees } from './npm-trees.ts';
import { fileFacts, frontOf } from './npm-unchanged.ts';
import type { Problems, SourceProblem } from './problem-collector.ts';
import type { Reading } from './reading.ts';
import { keepRecord, recallTrees, type RememberedTrees, rememberTrees } from './remembered-trees.ts';
import { SourceError } from './source-error.ts';
import { rememberPackages } from './source-packages.ts';

/** The trees of all parts, in their order, or undefined where there were errors; all of them are told to `problems`. */
export async function readNpmSource(
  request: NpmRequest,
  { reading, problems }: { readonly reading: Reading; readonly problems: Problems },
): Promise<readonly SourceTree[] | undefined> {
  const places = locateNpmProject(reading, request.source);
  const front = frontOf(request, places, reading);
  const unchanged = await recallTrees(front, npmTrees);
  if (unchanged !== undefined) return said(unchanged, problems);
  const project = readNpmProject(reading, places);
  const closure = packageClosure({
    lock: project.lock,
    project: project.location,
    omit: new Set(request.omit),
    platform: npmPlatform(request.platform, request.libc),
  });
  for (const problem of closure.problems) problems.error(problem);
  if (problems.errors > 0) return undefined;
  const warnings = scriptsWarnings(closure.packages);
  for (const warning of warnings) problems.warn(warning);
  const laying: Laying = { request, reading, problems, project, packages: closure.packages };
  const locals = await readLocals(laying);
  if (problems.errors > 0) return undefined;
  const laid = await layOut(laying, locals);
  if (laid !== undefined && locals.size === 0) await keepRecord(front, { ...laid.record, warnings });
  return laid?.trees;
}

function said({ trees, record }: RememberedTrees, problems: Problems): readonly SourceTree[] {
  for (const warning of record.warnings) problems.warn(warning);
  return trees;
}

interface Laying {
  readonly request: NpmRequest;
  readonly reading: Reading;
  readonly problems: Problems;
  readonly project: NpmProject;
  readonly packages: readonly InstalledPackage[];
}

/** A folder of the context that stands in the image as a package. */
interface Local {
  readonly folder: ImagePath;
  readonly manifest: JsonFile;
  readonly tree: PackageTree;
}

function scriptsWarnings(packages: readonly InstalledPackage[]): SourceProblem[] {
  const names = packages
    .filter(({ locked }) => locked.hasInstallScript && !isTop(locked.location))
    .map(({ locked }) => packageText(locked.name, locked.version));
  if (names.length === 0) return [];
  const listed = [...new Set(names)].map((name) => quoteText(name));
  return [
    {
      code: 'npm/install-scripts',
      message: `install scripts are not run: ${listed.join(', ')} ${listed.length === 1 ? 'has' : 'have'} one`,
      help: 'if it is needed, build node_modules with npm on this platform and `copy` it instead',
    },
  ];
}

/** By the location of each folder that a link leads to; the project itself has its package.json alone. */
async function readLocals({ reading, problems, project, packages }: Laying): Promise<Map<string, Local>> {
  const locals = new Map<string, Local>();
  for (const { locked } of packages) {
    if (!isLocal(locked) || locals.has(locked.location)) continue;
    const folder = folderOf(project, locked);
    const manifest = readManifest(reading, folder);
    if (isTop(locked.location)) requireInStep(project, manifest, locked.location);
    const tree = await readLocalPackage({ folder, manifest, root: project.root }, { reading, problems });
    locals.set(locked.location, { folder, manifest, tree });
  }
  return locals;
}

/** What is linked to, or laid down by npm itself (`install-links`), is a folder and has no tarball. */
function isLocal({ location, resolved }: LockedPackage): boolean {
  return (
    isTop(location) || (resolved?.startsWith('file:') === true && !/\.(?:tgz|tar\.gz|tar)$/.test(resolved))
  );
}

function folderOf({ root }: NpmProject, { location, resolved }: LockedPackage): ImagePath {
  const written = isTop(location) ? location : (resolved ?? '').slice('file:'.length);
  const parts = joinPath(root, written as ImagePath).split('/');
  const clean: string[] = [];
  for (const part of parts) {
    if (part !== '..') clean.push(part);
    else if (clean.pop() === undefined) throw leaves(written);
  }
  const parsed = parseImagePath(clean.join('/'));
  if (!parsed.ok) throw leaves(written);
  return parsed.path;
}

function leaves(written: string): SourceError {
  return new SourceError('source/leaves-context', `${quoteText(written)} is outside the context`, {
    help: 'sources are relative to the context and stay in it; `context:` names another folder for it',
  });
}

async function layOut(
  laying: Laying,
  locals: ReadonlyMap<string, Local>,
): Promise<RememberedTrees | undefined> {
  const { reading, problems, project, packages } = laying;
  const { settings, route } = readNpmSetup(reading, project.root);
  const cacheFolder = npmCacheFolder(settings, reading.machine);
  const settingsWithRegistry = createRegistryFallback(settings, reading.machine);
  const context: TarballContext = {
    reading,
    settings,
    settingsWithRegistry,
    route,
    cacheFolder,
    root: project.root,
  };
  const needed = packages
    .map(({ locked }) => locked)
    .filter((locked) => !locked.inBundle && !isLocal(locked));
  const tarballs = await ensureTarballs([...new Set(needed)], context, {
    problems,
    label: npmLabel(laying.request),
  });
  if (problems.errors > 0) return undefined;
  const ownFile = readOwnFile(laying);
  const place = {
    store: reading.store,
    kind: 'npm',
    key: layoutKey(laying, { locals, ownFile, tarballs }),
  } as const;
  const known = await recallTrees(place, npmTrees);
  if (known !== undefined) return known;
  const projectKey = digestOfValue({
    source: laying.request.source,
    name: project.manifest.map['name'] ?? '',
  });
  const trees = await readPackages(tarballs, { context, key: projectKey, problems });
  if (problems.errors > 0) return undefined;
  const toLay = packagesToLay(laying, { locals, ownFile, tarballs, trees });
  const laid = layPackages(toLay, partsOf(laying.request));
  const blobs = [...new Set(tarballs.values())];
  const remembered = await rememberTrees(place, npmTrees, { trees: laid, blobs, warnings: [] });
  await rememberVersions(laying, remembered.trees, tarballs);
  return remembered;
}

/** Of what came as a tarball; a change of a folder of the context is told file by file. */
async function rememberVersions(
  { request, packages, reading }: Laying,
  trees: readonly SourceTree[],
  tarballs: Found['tarballs'],
): Promise<void> {
  const parted = trees.map((): SourcePackage[] => []);
  for (const { place, locked } of packages) {
    const { name, version = '' } = locked;
    if (tarballs.has(locked))
      parted[partOf(request, place)]?.push({ name, version, place: place as ImagePath });
  }
  for (const [part, { digest }] of trees.entries())
    await rememberPackages(reading.store, digest, parted[part] ?? []);
}

function partOf({ split }: NpmRequest, place: string): number {
  return split === undefined ? 0 : partOfPackage(place, split);
}

/** As the layer's action is called. */
function npmLabel({ source }: NpmRequest): string {
  return source === ('.' as ImagePath) ? 'npm' : `npm ${source}`;
}

/** The layers of packages, and one more for what changes with the project. */
function partsOf({ split }: NpmRequest): number {
  return split === undefined ? 1 : split + 1;
}

function readOwnFile({ reading, project }: Laying): PackageFile {
  const { size, digest } = fileFacts(reading, project.manifestFile);
  return { path: 'package.json' as ImagePath, mode: 0o644, size, digest, offset: 0 };
}

/** Raised when the same packages would be laid out in another way. */
const version = 1;

interface Found {
  readonly locals: ReadonlyMap<string, Local>;
  readonly ownFile: PackageFile;
  readonly tarballs: ReadonlyMap<LockedPackage, Digest>;
}

/** All that decides which bytes stand where; names of this computer are no part of it, but for paths in the context. */
function layoutKey({ packages, request, project }: Laying, { locals, ownFile, tarballs }: Found): Digest {
  return digestOfValue({
    version,
    split: request.split ?? 0,
    own: [project.manifestFile, ownFile.digest, ownFile.size],
    packages: packages.map(({ place, locked }) => [
      place,
      tarballs.get(locked) ?? locked.location,
      locked.bin ?? '',
      locked.name,
    ]),
    locals: [...locals].map(([location, { folder, tree, manifest }]) => [
      location,
      folder,
      manifest.map['bin'] ?? '',
      tree.files.map(({ path, mode, digest }) => [path, mode, digest]),
    ]),
  });
}

function packagesToLay(
  { request, packages, project }: Laying,
  found: Found & { readonly trees: ReadonlyMap<Digest, PackageTree> },
): PackageToLay[] {
  const { split } = request;
  const last = split ?? 0;
  const own: PackageToLay = {
    place: '',
    tree: { files: [found.ownFile], folders: [] },
    sourceOf: () => ({ in: 'context', path: project.manifestFile }),
    isLocal: true,
    commands: [],
    part: last,
  };
  const laid = packages.map(({ place, locked }): PackageToLay => {
    const local = found.locals.get(locked.location);
    if (local !== undefined) return localToLay(place, local, last);
    const tarball = found.tarballs.get(locked);
    const tree = tarball === undefined ? undefined : found.trees.get(tarball);
    const sourceOf = ({ offset }: PackageFile): ContentSource =>
      tarball === undefined ? { in: 'literal', base64: '' } : { in: 'layer', blob: tarball, offset };
    const commands = commandsOf(locked.bin, locked.name);
    return { place, tree, sourceOf, isLocal: false, commands, part: partOf(request, place) };
  });
  return [own, ...laid];
}

function localToLay(place: string, { folder, manifest, tree }: Local, part: number): PackageToLay {
  return {
    place,
    tree,
    sourceOf: ({ path }) => ({ in: 'context', path: joinPath(folder, path) }),
    isLocal: true,
    commands: commandsOf(manifest.map['bin'], textOf(manifest.map['name']) ?? ''),
    part,
  };
}
