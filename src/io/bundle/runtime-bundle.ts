/**
 * `bundle:DIR`: a runtime bundle (runtime-spec bundle.md), that is `rootfs/` and `config.json`, and our marker beside
 * them. The bundle's folder is open to its owner only, since a rootfs holds setuid programs that no other user of this
 * computer should find. config.json is the same bytes for the same image and options on every computer.
 */
import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Diagnostic } from '../../core/diagnostic/diagnostic.ts';
import { escapeText, quoteText } from '../../core/diagnostic/escape-text.ts';
import type { Image } from '../../core/image/image.ts';
import type { ImageConfig } from '../../core/oci/image-config.ts';
import { parseImageConfig } from '../../core/oci/parse-document.ts';
import { formatRuntimeConfig, makeRuntimeConfig } from '../../core/oci/runtime-config.ts';
import type { IdMapOption, RootlessCaller, RuntimeOptions } from '../../core/oci/runtime-options.ts';
import { mapId, seccompFile } from '../../core/oci/runtime-confinement.ts';
import type { SeccompProfile } from '../../core/oci/seccomp-profile.ts';
import { foldersOfImage } from '../../core/oci/runtime-process.ts';
import { parseImagePath } from '../../core/tree/image-path.ts';
import type { BlobReader } from '../store/store.ts';
import { BundleError, refusedEntry, worldFailure } from './bundle-error.ts';
import { accountOf } from './image-account.ts';
import { makeTree, type UnpackOptions } from './make-tree.ts';
import { isOurBundle, markBundle } from './marker.ts';
import { runtimeDiagnostic, runtimeFailure } from './runtime-warning.ts';
import { readSeccompFile } from './seccomp-file.ts';
import type { SafeRoot } from './safe-root.ts';
import { openStaging } from './staging.ts';

/** The ordinary user that a rootless bundle is for. */
export type Caller = RootlessCaller;

export interface BundleRequest extends UnpackOptions {
  readonly destination: string;
  readonly runtime: RuntimeOptions;
  /** Where sources of bind mounts that are relative paths start; absolute. */
  readonly runtimeFolder: string;
  /** Adds a user namespace for this user; undefined makes a bundle for root. */
  readonly rootless: Caller | undefined;
  /** In place of the image's Cmd. */
  readonly args?: readonly string[];
}

const maxConfigBytes = 4 * 1024 * 1024;

/**
 * Makes the bundle, complete or not at all; a folder that is there must be empty or a bundle of ours. Gives warnings.
 * Throws BundleError (`bundle/…`) or, for bad bytes, LayerError and StoreError.
 */
export async function writeBundle(
  image: Image,
  blobs: BlobReader,
  request: BundleRequest,
): Promise<readonly Diagnostic[]> {
  const config = await readConfig(image, blobs);
  const seccomp = ownProfile(request);
  const staging = openStaging(request.destination, isOurBundle);
  try {
    const bundle = join(staging.path, 'bundle');
    mkdirSync(bundle, { mode: 0o700 });
    const found: Diagnostic[] = [];
    const tree = { image, blobs, stage: staging.path, name: join('bundle', 'rootfs') };
    const { idmap } = request.rootless === undefined ? request.runtime : {};
    const options = { ...request, ...(idmap === undefined ? {} : { idmap }) };
    if (idmap !== undefined) letPass(bundle, idmap);
    const warnings = await makeTree(tree, options, (root) => {
      found.push(...writeConfig(bundle, config, { request, root, seccomp }));
    });
    markBundle(bundle, image.manifest.digest);
    staging.publish('bundle');
    return [...found, ...warnings];
  } catch (error) {
    throw worldFailure(error, `making the bundle ${quoteText(request.destination)}`);
  } finally {
    staging.discard();
  }
}

async function readConfig(image: Image, blobs: BlobReader): Promise<ImageConfig> {
  const parsed = parseImageConfig(await blobs.readAll(image.config.digest, maxConfigBytes));
  if (parsed.ok) return parsed.value;
  const [{ pointer, message }] = parsed.problems;
  const what = pointer === '' ? 'it' : `\`${escapeText(pointer)}\``;
  throw new BundleError(
    'bundle/bad-image',
    `the image config ${image.config.digest} is refused: ${what} ${escapeText(message)}`,
    { help: 'the image is damaged or hostile; get it again' },
  );
}

/** The container's root is an ordinary user here, and has to get to its files through our folder. */
function letPass(bundle: string, { gids }: IdMapOption): void {
  const root = mapId(gids, 0);
  if (root === undefined || process.geteuid?.() !== 0) return;
  chownSync(bundle, 0, root);
  chmodSync(bundle, 0o710);
}

function ownProfile({ runtime, runtimeFolder }: BundleRequest): SeccompProfile | undefined {
  const file = seccompFile(runtime);
  return file === undefined ? undefined : readSeccompFile(file, runtimeFolder);
}

interface ConfigWork {
  readonly request: BundleRequest;
  readonly root: SafeRoot;
  readonly seccomp: SeccompProfile | undefined;
}

function writeConfig(
  bundle: string,
  config: ImageConfig,
  { request, root, seccomp }: ConfigWork,
): Diagnostic[] {
  const made = makeRuntimeConfig({
    image: config,
    user: accountOf(config, root),
    options: withAbsoluteMounts(request.runtime, request.runtimeFolder),
    ...(seccomp === undefined ? {} : { seccomp }),
    ...(request.args === undefined ? {} : { args: request.args }),
    ...(request.rootless === undefined ? {} : { rootless: request.rootless }),
  });
  if (!made.ok) throw runtimeFailure(made.problems);
  makeFolders(config, root);
  const text = formatRuntimeConfig(made.config);
  writeFileSync(join(bundle, 'config.json'), text, { flag: 'wx', mode: 0o644 });
  return made.warnings.map((warning) => runtimeDiagnostic(warning));
}

/** The working folder and the volumes, as root's: docker makes them so where the image has none. */
function makeFolders(config: ImageConfig, root: SafeRoot): void {
  for (const folder of foldersOfImage(config)) {
    const parsed = parseImagePath(folder);
    if (!parsed.ok) throw refusedEntry(folder, 'a working folder or volume that is no path of the image');
    root.ensureFolder(parsed.path);
  }
}

function withAbsoluteMounts(options: RuntimeOptions, folder: string): RuntimeOptions {
  if (options.mounts === undefined) return options;
  const mounts = options.mounts.map((mount) => {
    const isBind = mount.type === 'bind' || mount.options.some((option) => /^r?bind$/.test(option));
    return isBind ? { ...mount, source: resolve(folder, mount.source) } : mount;
  });
  return { ...options, mounts };
}
