/** `layerwright pull`: an image into the store, where `store:DIGEST` then names it, or to a destination as `copy` does. */
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { formatTransportReference } from '../../core/recipe/transport-reference.ts';
import { refreshStoreIndex } from '../../io/execute/store-index.ts';
import { keepImage } from '../../io/transport/keep-image.ts';
import type { ReadableReference } from '../../io/transport/open-image.ts';
import type { Invocation } from '../command-spec.ts';
import { partOf } from '../image-part.ts';
import { readableReference, storePart, withImage } from '../located-image.ts';
import type { CommonOptions, RegistryOptions } from '../options.ts';
import { type Session, withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';
import { runCopy } from './copy.ts';

interface PullOptions extends CommonOptions, RegistryOptions {
  readonly platform?: readonly string[];
}

export async function runPull(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const [from = '', to] = invocation.operands;
  if (to !== undefined) return runCopy(invocation, surroundings);
  const options = invocation.options as unknown as PullOptions;
  return withSession({ options, surroundings, access: 'read-write' }, async (session) => {
    const pulled = await pullIntoStore(readableReference(from), options.platform, session);
    const { reference, digest } = pulled;
    surroundings.stdout.write(
      options.json === true ? `${JSON.stringify(pulled)}\n` : `${reference}@${digest}\n`,
    );
    return exitCodes.done;
  });
}

async function pullIntoStore(
  from: ReadableReference,
  platform: readonly string[] | undefined,
  session: Session,
) {
  return withImage(from, session, async (source) => {
    const part = await partOf(source, platform, (warning) => {
      session.show(warning);
    });
    await storePart(part, session);
    const reference = formatTransportReference(from).replace(/@.*/, '');
    await keepImage(session.store, { root: part.root, reference });
    await refreshStoreIndex(session.store.folder);
    const { digest, mediaType } = part.root;
    return { reference, digest, mediaType };
  });
}
