/** `layerwright run`: a bundle, or an image made into one, handed to runc or crun; ends with the container's own status. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseTransportReference } from '../../core/recipe/transport-reference.ts';
import { removeFolder } from '../../io/bundle/remove-tree.ts';
import { runBundle } from '../../io/bundle/run-bundle.ts';
import { writeBundle } from '../../io/bundle/runtime-bundle.ts';
import { type BundleOptions, bundleShape } from '../bundle-request.ts';
import { CommandError } from '../command-error.ts';
import type { Invocation } from '../command-spec.ts';
import { locateOne, oneManifest, withImage } from '../located-image.ts';
import { type Session, withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

interface RunOptions extends BundleOptions {
  readonly runtime?: string;
  readonly network?: 'none' | 'host';
}

interface RunContext {
  readonly options: RunOptions;
  readonly session: Session;
  readonly surroundings: Surroundings;
}

export async function runRun(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as RunOptions;
  const [reference = '', ...args] = invocation.operands;
  return withSession({ options, surroundings, access: 'read-write' }, async (session) => {
    const context = { options, session, surroundings };
    const parsed = parseTransportReference(reference);
    if (parsed.ok && parsed.value.transport === 'bundle') {
      if (args.length > 0)
        throw new CommandError('command/bad-argument', 'a bundle has its command in its config.json', {
          help: 'leave out what follows --, or run the image that the bundle was made of',
        });
      return start(resolve(session.folder, parsed.value.path), context);
    }
    const folder = mkdtempSync(join(tmpdir(), 'layerwright-run-'));
    try {
      const bundle = join(folder, 'bundle');
      await makeBundle({ reference, args, bundle }, context);
      return await start(bundle, context);
    } finally {
      removeFolder(folder);
    }
  });
}

async function makeBundle(
  wanted: { readonly reference: string; readonly args: readonly string[]; readonly bundle: string },
  { options, session, surroundings }: RunContext,
): Promise<void> {
  const { runtime, runtimeFolder, rootless } = await bundleShape(options, session, surroundings);
  const { network = runtime.network } = options;
  await withImage(wanted.reference, session, async (source) => {
    const manifest = await oneManifest(source, options.platform);
    const { image: built, blobs } = await locateOne(source, session, manifest);
    const [image] = built.images;
    if (image === undefined) return;
    const warnings = await writeBundle(image, blobs, {
      destination: wanted.bundle,
      runtime: network === undefined ? runtime : { ...runtime, network },
      runtimeFolder,
      rootless,
      signal: session.signal,
      ...(wanted.args.length === 0 ? {} : { args: wanted.args }),
    });
    warnings.forEach((warning) => {
      session.show(warning);
    });
  });
}

function start(bundle: string, { options, session, surroundings }: RunContext): Promise<number> {
  return runBundle({
    bundle,
    runtime: options.runtime,
    environment: surroundings.env,
    stdio: [0, 1, 2],
    onWarning: (warning) => {
      session.show(warning);
    },
    listen: (listener) => surroundings.listen(listener),
  });
}
