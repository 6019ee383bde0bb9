/** `layerwright copy` and `layerwright push`: images between transports, digests unchanged. */
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import type { TransportReference } from '../../core/recipe/transport-reference.ts';
import { moveEveryTag } from '../all-tags.ts';
import { CommandError } from '../command-error.ts';
import type { Invocation } from '../command-spec.ts';
import { destinationOf } from '../destination.ts';
import { readableReference } from '../located-image.ts';
import { moveImage, receiptLine } from '../move-image.ts';
import type { CommonOptions, RegistryOptions } from '../options.ts';
import { withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

interface CopyOptions extends CommonOptions, RegistryOptions {
  readonly platform?: readonly string[];
  readonly allTags?: boolean;
  readonly load?: boolean;
}

export async function runCopy(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const [from = '', to] = invocation.operands;
  const { load } = invocation.options as unknown as CopyOptions;
  if ((load === true) === (to !== undefined)) throw oneDestination();
  if (to === undefined) return (await import('./load.ts')).runLoad(invocation, surroundings);
  return copyImages({ from, to: () => destinationOf(to) }, invocation, surroundings);
}

function oneDestination(): CommandError {
  return new CommandError('command/bad-argument', 'copy goes to one place: a destination, or --load', {
    help: 'write a transport after the source, or --load alone',
  });
}

export async function runPush(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const [from = '', to = ''] = invocation.operands;
  return copyImages({ from, to: () => registryReference(to) }, invocation, surroundings);
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

async function copyImages(copy: Copy, invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as CopyOptions;
  const { stdout } = surroundings;
  return withSession({ options, surroundings, access: 'read-write' }, async (session) => {
    const to = copy.to();
    const move = { from: readableReference(copy.from), to, platform: options.platform };
    if (options.allTags !== true) {
      const receipt = await moveImage(move, session);
      stdout.write(options.json === true ? `${JSON.stringify(receipt)}\n` : receiptLine(receipt));
      return exitCodes.done;
    }
    const receipts = await moveEveryTag(move, session, (receipt) => {
      if (options.json !== true) stdout.write(receiptLine(receipt));
    });
    if (options.json === true) stdout.write(`${JSON.stringify(receipts)}\n`);
    return exitCodes.done;
  });
}
