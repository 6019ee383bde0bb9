/** `layerwright copy` and `layerwright push`: images between transports, digests unchanged. */
import { deliver } from '../../deliver.ts';
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { isIndexType } from '../../core/oci/media-type.ts';
import type { TransportReference } from '../../core/recipe/transport-reference.ts';
import { CommandError } from '../command-error.ts';
import type { Invocation } from '../command-spec.ts';
import { destinationOf } from '../destination.ts';
import { locateAll, locateOne, oneManifest, readableReference, withImage } from '../located-image.ts';
import type { CommonOptions, RegistryOptions } from '../options.ts';
import { withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

interface CopyOptions extends CommonOptions, RegistryOptions {
  readonly platform?: readonly string[];
}

export async function runCopy(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const [from = '', to = ''] = invocation.operands;
  return copyImage({ from, to: () => destinationOf(to) }, invocation, surroundings);
}

export async function runPush(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const [from = '', to = ''] = invocation.operands;
  return copyImage({ from, to: () => registryReference(to) }, invocation, surroundings);
}

function registryReference(text: string): TransportReference {
  const reference = destinationOf(text);
  if (reference.transport === 'registry') return reference;
  throw new CommandError('command/bad-argument', `push goes to a registry, and ${quoteText(text)} is none`, {
    help: '`layerwright copy` writes to every transport',
  });
}

interface Copy {
  readonly from: string;
  readonly to: () => TransportReference;
}

async function copyImage(copy: Copy, invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as CopyOptions;
  return withSession({ options, surroundings, access: 'read-write' }, async (session) => {
    const destination = copy.to();
    const from = readableReference(copy.from);
    return withImage(copy.from, session, async (source) => {
      const isPart = isOne(options.platform) && isIndexType(source.root.mediaType);
      const { image, blobs } = isPart
        ? await locateOne(source, session, await oneManifest(source, options.platform))
        : await locateAll(source, session);
      const receipt = await deliver(image, destination, {
        folder: session.folder,
        blobs,
        registries: session.registries,
        emit: session.emit,
        signal: session.signal,
        origins: from.transport === 'registry' ? [from] : [],
        onWarning: (warning) => {
          session.show(warning);
        },
      });
      surroundings.stdout.write(
        options.json === true
          ? `${JSON.stringify(receipt)}\n`
          : `${receipt.destination.replace(/@.*/, '')}@${receipt.digest}\n`,
      );
      return exitCodes.done;
    });
  });
}

/** The whole index moves unless one platform is picked. */
function isOne(platforms: readonly string[] | undefined): boolean {
  const [first, second] = platforms ?? [];
  if (second === undefined) return first !== undefined && first !== 'all';
  throw new CommandError('command/several-platforms', 'copy takes one platform, or all of them', {
    help: 'leave out --platform to copy the whole image',
  });
}
