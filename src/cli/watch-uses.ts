/** What a watch does with each good build beside delivering it: says it on stdout, serves it, runs `--exec`. */
import { join } from 'node:path';
import { escapeText, quoteText } from '../core/diagnostic/escape-text.ts';
import type { WatchEvent } from '../core/event/watch-event.ts';
import type { BuiltImage } from '../core/image/image.ts';
import { parseNormalizedReference } from '../core/oci/normalize-reference.ts';
import type { RegistryServer } from '../io/serve/serve.ts';
import { Follower } from '../io/watch/follower.ts';
import type { Environment } from '../io/watch/process-group.ts';
import { cacheFolder } from './cache-folder.ts';
import { CommandError } from './command-error.ts';
import type { DeliveryOptions } from './deliver-all.ts';
import { nameOf } from './hand-out.ts';
import { listenAddress } from './listen-address.ts';
import type { CommonOptions, LockOptions, RecipeOptions, RegistryOptions } from './options.ts';
import type { GoodBuild } from './good-build.ts';
import type { Session } from './session.ts';
import type { Surroundings } from './surroundings.ts';

export interface WatchOptions
  extends RecipeOptions, RegistryOptions, LockOptions, CommonOptions, DeliveryOptions {
  readonly load?: boolean;
  readonly exec?: string;
  /** True without an address. */
  readonly serve?: string | true;
  /** Milliseconds. */
  readonly poll?: number;
}

export interface WatchUses {
  take(built: GoodBuild): Promise<void>;
  close(): Promise<void>;
}

export interface WatchUsesRequest {
  readonly options: WatchOptions;
  readonly session: Session;
  readonly surroundings: Surroundings;
  readonly tell: (event: WatchEvent) => void;
}

/** Listens from now on. Throws CommandError, and what serve throws. */
export async function openWatchUses(request: WatchUsesRequest): Promise<WatchUses> {
  const { options, session, surroundings, tell } = request;
  const server = options.serve === undefined ? undefined : await openServer(options.serve, request);
  const follower = followerOf(options, session);
  let served = '';
  return {
    take: async ({ images }) => {
      writeResult(images, request);
      const references = server === undefined ? [] : pullReferences(images, server.host);
      if (references.join() !== served) tell({ type: 'serving', references });
      served = references.join();
      follower?.restart(environmentOf(images, { surroundings, references }));
    },
    close: async () => {
      await follower?.stop();
      await server?.close();
    },
  };
}

async function openServer(
  address: string | true,
  { session, surroundings }: WatchUsesRequest,
): Promise<RegistryServer> {
  const { serve } = await import('../io/serve/serve.ts');
  return serve({
    folder: join(cacheFolder(surroundings), 'registry'),
    store: session.store,
    listen: listenAddress(address === true ? '127.0.0.1:0' : withPort(address)),
    access: 'read-only',
    onWarning: (warning) => session.show(warning),
  });
}

/** The name of an image behind `--serve` would be taken for an address. */
function withPort(address: string): string {
  if (/:\d+$/.test(address)) return address;
  throw new CommandError('command/bad-argument', `--serve ${quoteText(address)} is not HOST:PORT`, {
    help: 'write it as --serve 127.0.0.1:5000; names of images stand before it',
  });
}

function followerOf({ exec }: WatchOptions, session: Session): Follower | undefined {
  if (exec === undefined) return undefined;
  return new Follower({
    command: exec,
    folder: session.folder,
    onFailure: (failure) => session.show(failure),
  });
}

/** A terminal has the digest in the line of the rebuild. */
function writeResult(images: readonly BuiltImage[], { options, surroundings }: WatchUsesRequest): void {
  const { stdout } = surroundings;
  if (options.json === true) {
    const named = images.map((image) => ({ ...image, reference: nameOf(image) }));
    stdout.write(`${JSON.stringify({ images: named })}\n`);
  } else if (!stdout.isTty) stdout.write(images.map((image) => `${nameOf(image)}\n`).join(''));
}

/** `127.0.0.1:5000/acme/api:1.4.0`. Throws CommandError where an image has no name. */
function pullReferences(images: readonly BuiltImage[], host: string): string[] {
  return images.flatMap(({ name, references }) => {
    if (references.length === 0) throw unnamed(name);
    return references.flatMap((reference) => {
      const parsed = parseNormalizedReference(reference);
      return parsed.ok ? `${host}/${parsed.reference.path}:${parsed.reference.tag ?? 'latest'}` : [];
    });
  });
}

function unnamed(name: string): CommandError {
  const message = `image \`${escapeText(name)}\` has no name to be served under`;
  return new CommandError('command/no-reference', message, {
    help: 'write `image: REGISTRY/REPOSITORY` in the recipe, or give -t REGISTRY/REPOSITORY:TAG',
  });
}

/** Of the first image; what the caller's own environment has stays. */
function environmentOf(
  [image]: readonly BuiltImage[],
  {
    surroundings,
    references,
  }: { readonly surroundings: Surroundings; readonly references: readonly string[] },
): Environment {
  if (image === undefined) return surroundings.env;
  const [pull] = references;
  return {
    ...surroundings.env,
    LAYERWRIGHT_DIGEST: image.root.digest,
    LAYERWRIGHT_REFERENCE: nameOf(image),
    ...(pull === undefined ? {} : { LAYERWRIGHT_PULL: `${pull}@${image.root.digest}` }),
  };
}
