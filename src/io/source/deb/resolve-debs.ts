/** Asks the archives which packages a layer's names stand for now, as a lock keeps it. */
import { debianArchitecture } from '../../../core/deb/architecture.ts';
import { DebError } from '../../../core/deb/deb-error.ts';
import { joinPointer } from '../../../core/diagnostic/source-text.ts';
import { type ResolvedPackage, resolvePackages } from '../../../core/deb/resolve-packages.ts';
import type { ResolveProblem } from '../../../core/deb/resolve-problem.ts';
import type { PackageSource, PackageWish } from '../../../core/deb/universe.ts';
import { PartsError } from '../../../core/diagnostic/failure.ts';
import { formatPlatform } from '../../../core/oci/platform.ts';
import type { LockedPackages } from '../../../core/recipe/lock/lock.ts';
import { type AskedPackages, wantedPackages } from '../../../core/recipe/lock/wanted-packages.ts';
import { type IndexContext, openSuite, readIndexes } from './archive-index.ts';
import { sayDownload } from '../say-download.ts';
import { archivesFor, type ArchivePlaces } from './deb-archives.ts';

export type ResolveContext = Omit<IndexContext, 'isSnapshot'> & ArchivePlaces;

/** Throws DebError, DownloadError, and PartsError with every reason why there is no such set of packages. */
export async function resolveDebs(request: AskedPackages, context: ResolveContext): Promise<LockedPackages> {
  const architecture = architectureOf(request);
  const sources = await sayDownload(
    { label: debLabel(request), what: `package lists for ${architecture}` },
    context,
    (download) => readSources(request, { architecture, context: { ...context, download } }),
  );
  const resolution = resolvePackages({
    sources,
    wanted: wishesOf(request),
    architecture,
    recommends: request.recommends,
  });
  if (!resolution.ok) throw new PartsError(resolution.problems.map((problem) => partOf(problem, request)));
  return { ...wantedPackages(request), packages: resolution.packages.map(lockedPackage) };
}

/** As the layer's action is called. */
export function debLabel({ names }: Pick<AskedPackages, 'names'>): string {
  return `deb ${names.join(' ')}`;
}

function architectureOf({ platform }: AskedPackages): string {
  const architecture = debianArchitecture(platform);
  if (architecture !== undefined) return architecture;
  throw new DebError('deb/no-architecture', `Debian has no packages for ${formatPlatform(platform)}`, {
    help: 'give the layer `platforms` that Debian has',
  });
}

async function readSources(
  request: AskedPackages,
  { architecture, context }: { readonly architecture: string; readonly context: ResolveContext },
): Promise<PackageSource[]> {
  const indexing = { ...context, isSnapshot: request.snapshot !== undefined };
  const sources: PackageSource[] = [];
  for (const archive of archivesFor(request, context)) {
    const suite = await openSuite(archive, indexing);
    const indexes = await readIndexes(suite, architecture, indexing);
    sources.push(...indexes.map((index) => ({ index, priority: suite.release.priority })));
  }
  return sources;
}

/** `NAME` or `NAME=VERSION`, in one order whichever way the recipe has them. */
function wishesOf(request: AskedPackages): PackageWish[] {
  return wantedPackages(request).deb.map((text) => {
    const [name = '', version] = text.split('=');
    return { name, ...(version === undefined ? {} : { version }) };
  });
}

function lockedPackage({ record }: ResolvedPackage): LockedPackages['packages'][number] {
  const { name, version, filename: path, sha256, size } = record;
  return { name, version, path, sha256, size };
}

/** The name that a problem is about, where the recipe has it: packages that others need are nobody's in particular. */
function partOf({ code, message, help, wanted }: ResolveProblem, { names }: Pick<AskedPackages, 'names'>) {
  const at = names.findIndex((text) => text === wanted || text.startsWith(`${wanted}=`));
  const diagnostic = { code, severity: 'error', message, ...(help === undefined ? {} : { help }) } as const;
  return { part: at < 0 ? '' : joinPointer('', at), diagnostic };
}
