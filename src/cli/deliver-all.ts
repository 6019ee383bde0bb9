/** Where the images of a build go: the recipe's `outputs`, `-o`, `--push`; decided before anything is built. */
import type { RegistryRepository } from '../deliver.ts';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import type { BuiltImage } from '../core/image/image.ts';
import { formatPlatformInFull, type Platform } from '../core/oci/platform.ts';
import type { Plan, PlannedImage } from '../core/plan/plan.ts';
import { placeAt } from '../core/plan/planning.ts';
import type { Recipe } from '../core/recipe/recipe.ts';
import { formatTransportReference, type TransportReference } from '../core/recipe/transport-reference.ts';
import { diagnosticOf, DiagnosticsError, Failure } from '../core/diagnostic/failure.ts';
import type { BaseLayers } from '../io/transport/fetch-base.ts';
import type { BlobReader } from '../io/store/store.ts';
import { callerOf } from './caller.ts';
import { CommandError } from './command-error.ts';
import { destinationOf } from './destination.ts';
import type { Session } from './session.ts';

export interface DeliveryOptions {
  readonly output?: readonly string[];
  readonly push?: boolean;
}

export interface DeliveryPlaces {
  /** Where paths of the recipe start. */
  readonly contextFolder: string;
  /** Where paths of the command line start. */
  readonly folder: string;
  readonly recipe?: Recipe;
}

export interface PlannedDelivery {
  readonly image: PlannedImage;
  readonly destination: TransportReference;
  /** The one platform that goes there; absent for the whole image. */
  readonly platform?: Platform;
  /** Where relative paths of the destination start. */
  readonly folder: string;
  readonly contextFolder: string;
  /** Fails with the place of the recipe line that asked for it. */
  readonly blame: (error: unknown) => unknown;
}

/** Every delivery, or CommandError `command/no-reference`, `command/outputs-collide`, `command/bad-argument`. */
export function requireDestinations(
  images: readonly PlannedImage[],
  options: DeliveryOptions,
  places: DeliveryPlaces,
): PlannedDelivery[] {
  const deliveries = images.flatMap((image) => [
    ...ofRecipe(image, places),
    ...ofCommand(image, options.output ?? [], places),
    ...(options.push === true ? ofPush(image, places) : []),
  ]);
  refuseCollisions(deliveries);
  return deliveries;
}

function ofRecipe(image: PlannedImage, { contextFolder, recipe }: DeliveryPlaces): PlannedDelivery[] {
  return image.outputs.map(({ destination: written, cause, platform }) => {
    const blame = (error: unknown): unknown => withPlace(error, { recipe, cause });
    return {
      image,
      ...(platform === undefined ? {} : { platform }),
      destination: blaming(blame, () => destinationOf(written, 'outputs')),
      folder: contextFolder,
      contextFolder,
      blame,
    };
  });
}

function blaming<T>(blame: PlannedDelivery['blame'], use: () => T): T {
  try {
    return use();
  } catch (error) {
    throw blame(error);
  }
}

function withPlace(
  error: unknown,
  where: { readonly recipe: Recipe | undefined; readonly cause: string },
): unknown {
  const place = where.recipe === undefined ? undefined : placeAt(where.recipe, where.cause);
  if (!(error instanceof Failure) || place === undefined) return error;
  return new DiagnosticsError([{ ...diagnosticOf(error), place }]);
}

function ofCommand(
  image: PlannedImage,
  outputs: readonly string[],
  places: DeliveryPlaces,
): PlannedDelivery[] {
  const { folder, contextFolder } = places;
  return outputs.map((written) => ({
    image,
    destination: destinationOf(written, '-o'),
    folder,
    contextFolder,
    blame: (error) => error,
  }));
}

function ofPush(image: PlannedImage, { folder, contextFolder }: DeliveryPlaces): PlannedDelivery[] {
  if (image.references.length === 0) {
    throw new CommandError(
      'command/no-reference',
      `image \`${escapeText(image.name)}\` has no name to be pushed under`,
      {
        help: 'write `image: REGISTRY/REPOSITORY` in the recipe, or give -t REGISTRY/REPOSITORY:TAG',
      },
    );
  }
  return image.references.map((reference) => ({
    image,
    destination: destinationOf(reference, '--push'),
    folder,
    contextFolder,
    blame: (error) => error,
  }));
}

/** A layout takes several images under different tags; every other destination holds one. */
function refuseCollisions(deliveries: readonly PlannedDelivery[]): void {
  const taken = new Map<string, PlannedDelivery>();
  for (const delivery of deliveries) {
    const { destination, folder, image } = delivery;
    const names =
      destination.transport === 'oci' && destination.tag === undefined ? image.references.join(' ') : '';
    const place = `${folder} ${formatTransportReference(destination)} ${names}`;
    const other = taken.get(place);
    if (other !== undefined && other.image !== image) {
      const both = `\`${escapeText(other.image.name)}\` and \`${escapeText(image.name)}\``;
      throw new CommandError(
        'command/outputs-collide',
        `${both} would both go to ${formatTransportReference(destination)}`,
        {
          help: 'name one image, or use `outputs` with ${{ image.name }} in the recipe',
        },
      );
    }
    taken.set(place, delivery);
  }
}

/** A registry may have a base's layers, or mount them; everything else needs their bytes, and so does a mere build. */
export function basesFor(deliveries: readonly PlannedDelivery[]): BaseLayers {
  const toRegistries = deliveries.every(({ destination }) => destination.transport === 'registry');
  return deliveries.length > 0 && toRegistries ? 'leave' : 'bring';
}

/** One delivery after the other, so that layouts and registries see whole images in the recipe's order. */
export async function deliverAll(
  deliveries: readonly PlannedDelivery[],
  images: readonly BuiltImage[],
  context: { readonly session: Session; readonly plan: Plan; readonly blobs: BlobReader },
): Promise<void> {
  const { session, plan, blobs } = context;
  if (deliveries.length === 0) return;
  // Transports are loaded when something goes somewhere.
  const { deliver } = await import('../deliver.ts');
  const origins = baseRepositories(plan);
  for (const { image, destination, platform, folder, contextFolder, blame } of deliveries) {
    const whole = images.find((one) => one.name === image.name);
    const built = whole === undefined || platform === undefined ? whole : onePlatform(whole, platform);
    if (built === undefined) continue;
    try {
      await deliver(built, destination, {
        folder,
        blobs,
        registries: session.registries,
        emit: session.emit,
        signal: session.signal,
        bundle: {
          runtime: image.runtime,
          runtimeFolder: contextFolder,
          rootless: image.runtime.rootless === true ? callerOf() : undefined,
        },
        origins,
        onWarning: (warning) => {
          session.show(warning);
        },
      });
    } catch (error) {
      throw blame(error);
    }
  }
}

function onePlatform(built: BuiltImage, platform: Platform): BuiltImage | undefined {
  const image = built.images.find(
    (one) => formatPlatformInFull(one.platform) === formatPlatformInFull(platform),
  );
  return image === undefined ? undefined : { ...built, root: image.manifest, images: [image] };
}

/** The repositories that the plan's bases came from. */
function baseRepositories(plan: Plan): RegistryRepository[] {
  return plan.actions.flatMap((action) =>
    action.kind === 'fetch' && action.location.transport === 'registry' ? [action.location] : [],
  );
}
