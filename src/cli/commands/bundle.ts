/** `layerwright bundle`: an image, wherever it is, as a runtime bundle. */
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { deliver } from '../../deliver.ts';
import { type BundleOptions, bundleShape } from '../bundle-request.ts';
import type { Invocation } from '../command-spec.ts';
import { locateOne, oneManifest, withImage } from '../located-image.ts';
import { withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

export async function runBundle(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as BundleOptions;
  const [reference = '', path = ''] = invocation.operands;
  return withSession({ options, surroundings, access: 'read-write' }, async (session) => {
    const shape = await bundleShape(options, session, surroundings);
    return withImage(reference, session, async (source) => {
      const { image, blobs } = await locateOne(source, session, await oneManifest(source, options.platform));
      const receipt = await deliver(
        image,
        { transport: 'bundle', path },
        {
          ...session,
          bundle: shape,
          blobs,
          onWarning: (warning) => {
            session.show(warning);
          },
        },
      );
      const text =
        options.json === true ? JSON.stringify(receipt) : `${receipt.destination}@${receipt.digest}`;
      surroundings.stdout.write(`${text}\n`);
      return exitCodes.done;
    });
  });
}
