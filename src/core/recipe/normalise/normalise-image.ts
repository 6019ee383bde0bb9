/** An image of a recipe in its final type, after its defaults were merged in. */
import { joinPointer, type RecipePath } from '../../diagnostic/source-text.ts';
import { defined } from '../defined.ts';
import type { MergedImage } from '../merge-images.ts';
import { pointerOf } from '../pointer-of.ts';
import type { GroupRecipe, HealthcheckRecipe, ImageRecipe, UserRecipe } from '../recipe.ts';
import type { ImageShape } from '../recipe-schema.ts';
import { type LayerReading, normaliseLayer } from './normalise-layer.ts';
import { normaliseRuntime, textsOf } from './normalise-runtime.ts';
import {
  checkLevel,
  readCompression,
  readCreated,
  readDuration,
  readPlatforms,
  type Spot,
} from './normalise-value.ts';

export interface NamedImage extends MergedImage {
  /** The key under `images:`, where there is one. */
  readonly name?: string;
}

export function normaliseImage(reading: LayerReading, named: NamedImage): ImageRecipe {
  const { shape, origins } = named;
  const at: RecipePath = named.name === undefined ? '' : joinPointer('/images', named.name);
  const pointer = (...path: readonly (string | number)[]) => pointerOf({ at, origins }, ...path);
  const spot = (...path: readonly (string | number)[]): Spot => ({
    at: pointer(...path),
    report: reading.report,
  });
  const created = shape.created === undefined ? undefined : readCreated(shape.created, spot('created'));
  checkLevel(shape.compression, spot('compression', 'level'));
  const runtime = normaliseRuntime(
    shape.runtime ?? {},
    (...path) => pointer('runtime', ...path),
    reading.report,
  );
  return {
    name: named.name ?? nameFrom(shape.image),
    at,
    origins,
    ...valuesOf(shape),
    platforms: readPlatforms(shape.platforms ?? ['linux/amd64'], spot('platforms')),
    created: created ?? 'epoch',
    ...healthcheckOf(shape.healthcheck, spot),
    layers: (shape.layers ?? []).flatMap((layer) => normaliseLayer(reading, layer) ?? []),
    runtime,
  };
}

/** What needs no parsing: texts as they are, defaults filled in. */
function valuesOf(shape: ImageShape) {
  const { image: reference, user, workdir, entrypoint, cmd, stopSignal } = shape;
  return {
    ...defined({ reference, workdir, entrypoint, cmd }),
    ...textsOf({ user, stopSignal }),
    tags: (shape.tags ?? []).map(String),
    from: shape.from ?? 'scratch',
    users: usersOf(shape.users ?? {}),
    groups: groupsOf(shape.groups ?? {}),
    format: shape.format ?? 'oci',
    env: textsOf(shape.env ?? {}),
    ports: (shape.ports ?? []).map(String),
    volumes: shape.volumes ?? [],
    labels: textsOf(shape.labels ?? {}),
    annotations: textsOf(shape.annotations ?? {}),
    compression: readCompression(shape.compression),
    outputs: shape.outputs ?? [],
  };
}

function usersOf(shapes: NonNullable<ImageShape['users']>): Record<string, UserRecipe> {
  return recordOf(shapes, ({ groups = [], system = false, ...rest }) => ({
    ...defined(rest),
    groups,
    system,
  }));
}

function groupsOf(shapes: NonNullable<ImageShape['groups']>): Record<string, GroupRecipe> {
  return recordOf(shapes, (shape) => defined(shape));
}

function recordOf<From, To>(
  values: Readonly<Record<string, From>>,
  make: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, make(value)]));
}

/** The last component of the repository, where it is known before anything is substituted. */
function nameFrom(reference: string | undefined): string {
  const last = reference?.split('/').at(-1)?.split(/[:@]/)[0] ?? '';
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(last) ? last : 'image';
}

const durations = ['interval', 'timeout', 'startPeriod', 'startInterval'] as const;

function healthcheckOf(
  shape: ImageShape['healthcheck'],
  spot: (...path: readonly string[]) => Spot,
): { healthcheck?: HealthcheckRecipe } {
  if (shape === undefined) return {};
  const times: Partial<Record<(typeof durations)[number], number>> = {};
  for (const key of durations) {
    const text = shape[key];
    const time = text === undefined ? undefined : readDuration(text, spot('healthcheck', key));
    if (time !== undefined) times[key] = time;
  }
  const test = shape.disable === true ? ['NONE'] : testOf(shape.test);
  return {
    healthcheck: {
      ...(test === undefined ? {} : { test }),
      ...times,
      ...(shape.retries === undefined ? {} : { retries: shape.retries }),
    },
  };
}

/** Text is a command for the shell, as in Compose. */
function testOf(test: string | readonly string[] | undefined): readonly string[] | undefined {
  return typeof test === 'string' ? ['CMD-SHELL', test] : test;
}
