/** What a starter reads in a package.json; whatever is not of its documented type is passed over. */
import { Failure } from '../diagnostic/failure.ts';

export interface PackageManifest {
  readonly name?: string;
  /** `owner/repository` on GitHub. */
  readonly github?: string;
  readonly scripts: ReadonlyMap<string, string>;
  /** Paths of programs, the package's own name first. */
  readonly programs: readonly string[];
  readonly main?: string;
  /** Where `exports` leads an import of the package itself. */
  readonly exported?: string;
  readonly hasDependencies: boolean;
  /** Whether other packages of the repository stand below it (`workspaces`). */
  readonly hasWorkspaces: boolean;
  /** Of every kind. */
  readonly packages: ReadonlySet<string>;
  /** `pnpm@9.1.0`. */
  readonly packageManager?: string;
  /** `engines.node`. */
  readonly nodeRange?: string;
}

export class ManifestError extends Failure {}

/** Throws ManifestError where the text is no JSON object. */
export function readManifest(text: string): PackageManifest {
  const json = parseObject(text);
  const name = textAt(json, 'name');
  const packageManager = textAt(json, 'packageManager');
  const [main, exported] = [textAt(json, 'main'), exportedPath(json['exports'])];
  const nodeRange = textAt(objectAt(json, 'engines'), 'node');
  const github = githubName(json['repository']);
  return {
    ...(name === undefined ? {} : { name }),
    ...(github === undefined ? {} : { github }),
    ...(main === undefined ? {} : { main }),
    ...(exported === undefined ? {} : { exported }),
    ...(packageManager === undefined ? {} : { packageManager }),
    ...(nodeRange === undefined ? {} : { nodeRange }),
    scripts: new Map(Object.entries(objectAt(json, 'scripts')).filter(isTextual)),
    programs: programsOf(json, name),
    hasWorkspaces: json['workspaces'] !== undefined,
    hasDependencies: Object.keys(objectAt(json, 'dependencies')).length > 0,
    packages: new Set(['dependencies', 'devDependencies'].flatMap((key) => Object.keys(objectAt(json, key)))),
  };
}

type JsonObject = Readonly<Record<string, unknown>>;

function parseObject(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    if (isObject(value)) return value;
  } catch {
    // Said below.
  }
  throw new ManifestError('init/bad-package', 'package.json is no JSON object', {
    help: 'mend it; `npm pkg get name` says where it breaks',
  });
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextual(entry: [string, unknown]): entry is [string, string] {
  return typeof entry[1] === 'string';
}

function textAt(json: JsonObject, key: string): string | undefined {
  const value = json[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function objectAt(json: JsonObject, key: string): JsonObject {
  const value = json[key];
  return isObject(value) ? value : {};
}

/** `bin` is a path, or a path for each name. */
function programsOf(json: JsonObject, name = ''): string[] {
  const single = textAt(json, 'bin');
  if (single !== undefined) return [single];
  const programs = new Map(Object.entries(objectAt(json, 'bin')).filter(isTextual));
  const own = programs.get(name.replace(/^@[^/]*\//, ''));
  return [...(own === undefined ? [] : [own]), ...programs.values()];
}

/** What Node takes for `import`: nodejs.org/api/packages.html, Conditional exports. */
function exportedPath(exported: unknown): string | undefined {
  if (typeof exported === 'string') return exported;
  if (!isObject(exported)) return undefined;
  for (const key of ['.', 'node', 'import', 'module-sync', 'require', 'default']) {
    const path = exportedPath(exported[key]);
    if (path !== undefined) return path;
  }
  return undefined;
}

/** `github:acme/api`, `acme/api`, or an address with github.com in it; lower case, as registries want it. */
function githubName(repository: unknown): string | undefined {
  const written = isObject(repository) ? repository['url'] : repository;
  if (typeof written !== 'string') return undefined;
  const found =
    /^(?:github:)?([\w.-]+\/[\w.-]+)$/.exec(written) ??
    /github\.com[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?(?:#.*)?$/.exec(written);
  return found?.[1]?.replace(/\.git$/, '').toLowerCase();
}
