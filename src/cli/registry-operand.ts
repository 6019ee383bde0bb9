/** What `tags` and `delete` are given: a repository in a registry, or a tag or manifest there. */
import { escapeText } from '../core/diagnostic/escape-text.ts';
import type { Digest } from '../core/digest/digest.ts';
import { parseTransportReference, type TransportReference } from '../core/recipe/transport-reference.ts';
import { CommandError } from './command-error.ts';

type RegistryReference = TransportReference & { readonly transport: 'registry' };
type Untagged = RegistryReference & { readonly tag?: never; readonly digest?: never };
/** One of the two, never both and never `latest` because nothing was said. */
type TagOrDigest = RegistryReference &
  ({ readonly tag: string; readonly digest?: never } | { readonly tag?: never; readonly digest: Digest });

const forms = {
  none: { help: 'write REGISTRY/REPOSITORY, without a tag or digest', count: 0 },
  'tag-or-digest': { help: 'write REGISTRY/REPOSITORY:TAG or REGISTRY/REPOSITORY@DIGEST', count: 1 },
} as const;

/** Throws `command/bad-argument`. */
export function registryOperand(text: string, form: 'none'): Untagged;
export function registryOperand(text: string, form: 'tag-or-digest'): TagOrDigest;
export function registryOperand(text: string, form: keyof typeof forms): RegistryReference {
  const parsed = parseTransportReference(text);
  const { help, count } = forms[form];
  if (!parsed.ok) throw unusable(text, parsed.reason, help);
  if (parsed.value.transport !== 'registry') throw unusable(text, 'it is in no registry', help);
  const { tag, digest } = parsed.value;
  const named = [tag, digest].filter((name) => name !== undefined).length;
  if (named === count) return parsed.value;
  const reason = named === 0 ? 'it has neither a tag nor a digest' : 'it names more than is needed here';
  throw unusable(text, reason, help);
}

function unusable(text: string, reason: string, help: string): CommandError {
  return new CommandError('command/bad-argument', `\`${escapeText(text)}\` cannot be used here: ${reason}`, {
    help,
  });
}
