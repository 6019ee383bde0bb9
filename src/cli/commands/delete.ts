/** `layerwright delete`: a tag, or a manifest with every tag of it, in a registry. It prints what it deleted. */
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { formatTransportReference } from '../../core/recipe/transport-reference.ts';
import { deleteManifest } from '../../io/registry/delete-manifest.ts';
import type { Invocation } from '../command-spec.ts';
import type { CommonOptions, RegistryOptions } from '../options.ts';
import { registryOperand } from '../registry-operand.ts';
import { withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

type DeleteOptions = CommonOptions & RegistryOptions;

export async function runDelete(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as DeleteOptions;
  const [text = ''] = invocation.operands;
  return withSession({ options, surroundings, access: 'read-only' }, async ({ registries, signal }) => {
    const reference = registryOperand(text, 'tag-or-digest');
    const { registry, repository: name, tag, digest } = reference;
    const repository = await registries.open(registry, name, { purpose: 'delete', signal });
    await deleteManifest(repository, tag === undefined ? { digest } : { tag }, signal);
    const deleted = formatTransportReference(reference);
    surroundings.stdout.write(options.json === true ? `${JSON.stringify({ deleted })}\n` : `${deleted}\n`);
    return exitCodes.done;
  });
}
