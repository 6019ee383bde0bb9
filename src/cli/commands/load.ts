/** `layerwright copy --load`: an image from wherever it stands into docker or podman. */
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { findEngine } from '../../io/transport/engine.ts';
import type { Invocation } from '../command-spec.ts';
import { loadImage } from '../load-image.ts';
import { locatePart, oneManifest, withImage } from '../located-image.ts';
import { receiptLine } from '../move-image.ts';
import type { CommonOptions, RegistryOptions } from '../options.ts';
import { withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

interface LoadOptions extends CommonOptions, RegistryOptions {
  readonly platform?: readonly string[];
}

export async function runLoad(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as LoadOptions;
  const [from = ''] = invocation.operands;
  const { stdout, env } = surroundings;
  return withSession({ options, surroundings, access: 'read-write' }, async (session) => {
    const engine = await findEngine({ env, signal: session.signal });
    const receipt = await withImage(from, session, async (source) => {
      const root = await oneManifest(source, options.platform);
      return loadImage(await locatePart({ source, root }, session, 'whole'), engine, session);
    });
    stdout.write(options.json === true ? `${JSON.stringify(receipt)}\n` : receiptLine(receipt));
    return exitCodes.done;
  });
}
