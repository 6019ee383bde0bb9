/** `copy --all-tags`: every image of a repository or layout that has a tag, each under its own. */
import { escapeText } from '../core/diagnostic/escape-text.ts';
import { formatTransportReference, type TransportReference } from '../core/recipe/transport-reference.ts';
import { listTags } from '../io/registry/tags.ts';
import { layoutTags } from '../io/transport/layout.ts';
import type { Receipt } from '../io/transport/transport.ts';
import { CommandError } from './command-error.ts';
import { type Move, moveImage } from './move-image.ts';
import type { Session } from './session.ts';

/** What can hold several images under tags of their own. */
type Tagged = TransportReference & { readonly transport: 'registry' | 'oci' };

/** One after the other, in the order of the source; `onMoved` is told of each. Throws `command/bad-argument`. */
export async function moveEveryTag(
  move: Move,
  session: Session,
  onMoved: (receipt: Receipt) => void,
): Promise<readonly Receipt[]> {
  const [from, to] = [untagged(move.from), untagged(move.to)];
  const tags = await tagsOf(from, session);
  if (tags.length === 0) throw noTags(from);
  const receipts: Receipt[] = [];
  for (const tag of tags) {
    const receipt = await moveImage({ ...move, from: { ...from, tag }, to: { ...to, tag } }, session);
    receipts.push(receipt);
    onMoved(receipt);
  }
  return receipts;
}

function untagged(reference: TransportReference): Tagged {
  const isTagged = reference.transport === 'registry' || reference.transport === 'oci';
  if (isTagged && reference.tag === undefined && !('digest' in reference)) return reference;
  const place = escapeText(formatTransportReference(reference));
  throw new CommandError('command/bad-argument', `${place} is no place of several tags`, {
    help: 'with --all-tags write REGISTRY/REPOSITORY or oci:DIR, without a tag or digest',
  });
}

async function tagsOf(from: Tagged, { registries, signal, folder }: Session): Promise<readonly string[]> {
  if (from.transport === 'oci') return layoutTags(from, folder);
  const repository = await registries.open(from.registry, from.repository, { purpose: 'read', signal });
  const tags: string[] = [];
  for await (const tag of listTags(repository, signal)) tags.push(tag);
  return tags;
}

function noTags(from: Tagged): CommandError {
  const place = escapeText(formatTransportReference(from));
  return new CommandError('command/no-reference', `${place} has no tags that could be copied`);
}
