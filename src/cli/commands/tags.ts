/** `layerwright tags`: the tags of a repository, one a line, in the order of the registry. */
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { listTags } from '../../io/registry/tags.ts';
import type { Invocation } from '../command-spec.ts';
import type { CommonOptions, RegistryOptions } from '../options.ts';
import { registryOperand } from '../registry-operand.ts';
import { withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

type TagsOptions = CommonOptions & RegistryOptions;

export async function runTags(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as TagsOptions;
  const [text = ''] = invocation.operands;
  return withSession({ options, surroundings, access: 'read-only' }, async ({ registries, signal }) => {
    const { registry, repository: name } = registryOperand(text, 'none');
    const repository = await registries.open(registry, name, { purpose: 'read', signal });
    const tags: string[] = [];
    for await (const tag of listTags(repository, signal)) tags.push(tag);
    const value = { repository: `${registry}/${name}`, tags };
    surroundings.stdout.write(
      options.json === true ? `${JSON.stringify(value)}\n` : tags.map((tag) => `${tag}\n`).join(''),
    );
    return exitCodes.done;
  });
}
