/**
 * Packages of a node_modules that production does not need. npm itself writes beside them what each is for
 * (node_modules/.package-lock.json); for other managers, package.json says what only development asks for.
 */
import type { FileFinding } from './file-finding.ts';

/** One node_modules of a layer. */
export interface InstalledPackages {
  /** Packages that stand in it, `@acme/tool`, those within others too: `a/node_modules/b`. */
  readonly present: ReadonlySet<string>;
  /** The text of its .package-lock.json. */
  readonly hiddenLock?: string;
  /** The text of the package.json beside it. */
  readonly manifest?: string;
}

export function packageFindings({ present, hiddenLock, manifest }: InstalledPackages): FileFinding[] {
  const unneeded = hiddenLock === undefined ? wantedPackages(manifest ?? '') : markedPackages(hiddenLock);
  return unneeded.filter((name) => present.has(name)).map((name) => ({ ...developmentPackage, name }));
}

/** Of packages that an `npm` layer lays out, by the package-lock.json that it does so from. */
export function laidFindings(present: ReadonlySet<string>, lock: string): FileFinding[] {
  return markedPackages(lock)
    .filter((name) => present.has(name))
    .map((name) => ({ ...developmentPackage, help: 'add `dev` to `omit`, or leave `omit` out', name }));
}

/** What a lock of npm marks, the hidden one too. */
function markedPackages(lock: string): string[] {
  const packages = objectAt(parsed(lock), 'packages');
  return Object.entries(packages).flatMap(([folder, facts]) =>
    isObject(facts) && facts['dev'] === true ? [folder.replace(/^node_modules\//, '')] : [],
  );
}

/** What package.json wants for development alone. */
function wantedPackages(manifest: string): string[] {
  const json = parsed(manifest);
  const needed = ['dependencies', 'optionalDependencies', 'peerDependencies'].map((key) =>
    objectAt(json, key),
  );
  return Object.keys(objectAt(json, 'devDependencies')).filter(
    (name) => !needed.some((packages) => Object.hasOwn(packages, name)),
  );
}

const developmentPackage: Omit<FileFinding, 'name'> = {
  code: 'lint/development-package',
  says: 'only the development of the project needs',
  help: 'install for production before the build: `npm ci --omit=dev`, `pnpm install --prod`, …',
};

type JsonObject = Readonly<Record<string, unknown>>;

/** What is no JSON says nothing. */
function parsed(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null;
}

function objectAt(json: JsonObject, key: string): JsonObject {
  const value = json[key];
  return isObject(value) ? value : {};
}
