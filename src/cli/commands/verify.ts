/**
 * `layerwright verify`: an image or a bundle held against its own promises; with --rebuild also against what the recipe
 * gives now, with --twice the recipe against itself under other circumstances.
 */
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { parseTransportReference } from '../../core/recipe/transport-reference.ts';
import type { Checked } from '../checked.ts';
import { CommandError } from '../command-error.ts';
import type { Invocation } from '../command-spec.ts';
import { partOf } from '../image-part.ts';
import { withImage } from '../located-image.ts';
import type { CommonOptions } from '../options.ts';
import type { RebuildCall, RebuildOptions } from '../rebuild-image.ts';
import { withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';
import { soundLines, verifySound } from '../verify-image.ts';

interface VerifyOptions extends CommonOptions, RebuildOptions {
  readonly rebuild?: boolean;
  readonly twice?: boolean;
}

interface VerifyCall extends RebuildCall {
  readonly options: VerifyOptions;
}

export async function runVerify(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as VerifyOptions;
  const [reference] = invocation.operands;
  return withSession({ options, surroundings, access: 'read-only' }, async (session) => {
    const call = { options, session, surroundings };
    const checks = [
      ...(reference === undefined ? [] : await verifyReference(reference, call)),
      ...(options.twice === true ? await verifyRecipe(call) : []),
    ];
    if (checks.length === 0) throw nothingNamed();
    surroundings.stdout.write(options.json === true ? jsonText(checks) : linesText(checks));
    const failed = checks.find(({ failure }) => failure !== undefined);
    if (failed?.failure !== undefined) throw failed.failure;
    return exitCodes.done;
  });
}

function nothingNamed(): CommandError {
  return new CommandError('command/bad-argument', 'nothing says what is to be verified', {
    help: 'name an image by any transport, bundle:DIR, or give --twice for the recipe',
  });
}

async function verifyReference(reference: string, call: VerifyCall): Promise<readonly Checked[]> {
  const { options, session } = call;
  const parsed = parseTransportReference(reference);
  if (parsed.ok && parsed.value.transport === 'bundle') {
    if (options.rebuild === true) throw bundleRebuilt();
    const { verifyBundleAt } = await import('../verify-bundle.ts');
    return [await verifyBundleAt(parsed.value.path, session)];
  }
  return verifyImageAt(reference, call);
}

function bundleRebuilt(): CommandError {
  return new CommandError('command/bad-argument', 'a bundle is no image that could be built again', {
    help: 'leave out --rebuild, or name the image that the bundle was made of',
  });
}

async function verifyImageAt(reference: string, call: VerifyCall): Promise<readonly Checked[]> {
  const { options, session } = call;
  return withImage(reference, session, async (source) => {
    // Of several platforms an index is made here, whose digest nobody else has to know.
    const part = await partOf(source, options.platform, () => undefined);
    const verdict = await verifySound(part, session);
    const { digest } = part.root;
    const sound = {
      lines: soundLines({ reference, digest }, verdict),
      json: { reference: source.pinned, digest, checked: verdict },
    };
    if (options.rebuild !== true) return [sound];
    const { verifyRebuild } = await import('../verify-rebuild.ts');
    return [sound, await verifyRebuild({ ...part, reference }, call)];
  });
}

async function verifyRecipe(call: VerifyCall): Promise<readonly Checked[]> {
  const { verifyTwice } = await import('../verify-twice.ts');
  return [await verifyTwice(call)];
}

function linesText(checks: readonly Checked[]): string {
  return checks.flatMap(({ lines }) => lines.map((line) => `${line}\n`)).join('');
}

function jsonText(checks: readonly Checked[]): string {
  const whole = Object.assign({}, ...checks.map(({ json }) => json)) as object;
  return `${JSON.stringify(whole, undefined, 2)}\n`;
}
