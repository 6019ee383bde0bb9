/** `layerwright inspect`: an image's documents, for people, for programs (`--json`) or byte for byte (`--raw`). */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { ImageConfig } from '../../core/oci/image-config.ts';
import type { ImageIndex } from '../../core/oci/image-index.ts';
import type { Manifest } from '../../core/oci/manifest.ts';
import { formatPlatform } from '../../core/oci/platform.ts';
import { formatBytes } from '../../io/render/quantity.ts';
import { readConfig, readManifest } from '../../io/transport/image-document.ts';
import type { ImageSource } from '../../io/transport/transport.ts';
import { CommandError } from '../command-error.ts';
import type { Invocation } from '../command-spec.ts';
import { oneManifest, withImage } from '../located-image.ts';
import type { CommonOptions, RegistryOptions } from '../options.ts';
import { withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

interface InspectOptions extends CommonOptions, RegistryOptions {
  readonly raw?: boolean;
  readonly referrers?: boolean;
  readonly platform?: readonly string[];
}

interface Inspected {
  readonly reference: string;
  readonly descriptor: Descriptor;
  readonly index?: ImageIndex;
  readonly manifest?: Manifest;
  readonly config?: ImageConfig;
  readonly referrers?: readonly Descriptor[];
}

export async function runInspect(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as InspectOptions;
  const [reference = ''] = invocation.operands;
  return withSession({ options, surroundings, access: 'read-only' }, async (session) =>
    withImage(reference, session, async (source) => {
      const root = options.platform === undefined ? source.root : await oneManifest(source, options.platform);
      const bytes = await source.readDocument(root);
      if (options.raw === true) {
        surroundings.stdout.write(bytes);
        return exitCodes.done;
      }
      const inspected = {
        ...(await inspect(source, root, bytes)),
        ...(options.referrers === true ? { referrers: await referrersOf(source, root) } : {}),
      };
      surroundings.stdout.write(
        options.json === true ? `${JSON.stringify(inspected, undefined, 2)}\n` : textOf(inspected),
      );
      return exitCodes.done;
    }),
  );
}

/** Throws `command/bad-argument` where the image stands in no registry: nobody else can be asked. */
async function referrersOf(source: ImageSource, { digest }: Descriptor): Promise<readonly Descriptor[]> {
  if (source.listReferrers !== undefined) return source.listReferrers(digest);
  const message = `${escapeText(source.pinned)} is in no registry that could be asked for referrers`;
  throw new CommandError('command/bad-argument', message, { help: 'leave out --referrers' });
}

async function inspect(source: ImageSource, descriptor: Descriptor, bytes: Uint8Array): Promise<Inspected> {
  const { mediaType, digest } = descriptor;
  const document = readManifest(bytes, { mediaType, place: digest });
  const found = { reference: source.pinned, descriptor };
  if (document.kind === 'index') return { ...found, index: document.index };
  const { manifest } = document;
  if (manifest.artifactType !== undefined || !isImageConfig(manifest)) return { ...found, manifest };
  const config = readConfig(await source.readDocument(manifest.config), manifest.config.digest);
  return { ...found, manifest, config };
}

function isImageConfig({ config }: Manifest): boolean {
  return config.mediaType.includes('image.config') || config.mediaType.includes('container.image');
}

function textOf(inspected: Inspected): string {
  const { reference, descriptor, index, manifest, config, referrers = [] } = inspected;
  const head = [
    row('reference', reference),
    row('digest', descriptor.digest),
    row('media type', descriptor.mediaType),
  ];
  const body = [
    ...indexRows(index),
    ...artifactRows(manifest),
    ...configRows(config),
    ...layerRows(manifest),
  ];
  const lines = [...head, ...body, ...referrers.map(referrerRow)];
  return `${lines.join('\n')}\n`;
}

/** Names and values come from outside, so what a terminal would act on is escaped. */
function row(name: string, value: string): string {
  return `${name.padEnd(12)}${escapeText(value)}`;
}

function indexRows(index: ImageIndex | undefined): string[] {
  return (index?.manifests ?? []).map(({ platform, digest, size }) =>
    row(
      'manifest',
      `${platform === undefined ? 'no platform' : formatPlatform(platform)}  ${digest}  ${formatBytes(size)}`,
    ),
  );
}

function artifactRows(manifest: Manifest | undefined): string[] {
  const { artifactType, subject } = manifest ?? {};
  return [
    ...(artifactType === undefined ? [] : [row('artifact', artifactType)]),
    ...(subject === undefined ? [] : [row('subject', subject.digest)]),
  ];
}

function referrerRow({ digest, size, artifactType = 'no type' }: Descriptor): string {
  return row('referrer', `${digest}  ${formatBytes(size)}  ${artifactType}`);
}

function configRows(config: ImageConfig | undefined): string[] {
  if (config === undefined) return [];
  const { Entrypoint, Cmd, Env, User, WorkingDir, ExposedPorts, Volumes, Labels, StopSignal } =
    config.config ?? {};
  const list = (values: readonly string[] | undefined): string | undefined =>
    values === undefined ? undefined : JSON.stringify(values);
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['platform', formatPlatform(config)],
    ['created', config.created],
    ['user', User],
    ['workdir', WorkingDir],
    ['entrypoint', list(Entrypoint)],
    ['cmd', list(Cmd)],
    ...(Env ?? []).map((entry) => ['env', entry] as const),
    ...Object.keys(ExposedPorts ?? {}).map((port) => ['port', port] as const),
    ...Object.keys(Volumes ?? {}).map((volume) => ['volume', volume] as const),
    ...Object.entries(Labels ?? {}).map(([name, value]) => ['label', `${name}=${value}`] as const),
    ['stop signal', StopSignal],
  ];
  return rows.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [row(name, value)]));
}

function layerRows(manifest: Manifest | undefined): string[] {
  const layers = manifest?.layers ?? [];
  const total = layers.reduce((sum, { size }) => sum + size, 0);
  const rows = layers.map(({ digest, size, mediaType }) =>
    row('layer', `${digest}  ${formatBytes(size)}  ${mediaType}`),
  );
  return manifest === undefined ? [] : [...rows, row('size', formatBytes(total))];
}
