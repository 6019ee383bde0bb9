/** Who an image's process runs as, looked up in the passwd and group files of the unpacked tree itself. */
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import type { ImageConfig } from '../../core/oci/image-config.ts';
import { type ResolvedUser, resolveImageUser, type UserProblem } from '../../core/oci/user-spec.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import { BundleError } from './bundle-error.ts';
import type { SafeRoot } from './safe-root.ts';

const maxFileBytes = 10 * 1024 * 1024;

/** Throws BundleError `bundle/bad-user` or `bundle/unreadable-user-file`. */
export function accountOf(config: ImageConfig, root: SafeRoot): ResolvedUser {
  const spec = config.config?.User ?? '';
  const files = { passwd: textOf(root, 'etc/passwd'), group: textOf(root, 'etc/group') };
  const resolution = resolveImageUser(spec, files);
  if (resolution.ok) return resolution.user;
  throw new BundleError(
    'bundle/bad-user',
    `the image's user ${quoteText(spec)} ${problems[resolution.reason]}`,
    {
      help: 'say another `user` in the recipe, by numbers if the image has no passwd file',
    },
  );
}

function textOf(root: SafeRoot, path: string): string | undefined {
  const bytes = root.readFile(path as ImagePath, maxFileBytes);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

const problems: Readonly<Record<UserProblem, string>> = {
  malformed: 'is neither a name nor a number, alone or with a group',
  'out-of-range': 'has an id above 2147483647',
  'unknown-user': "is not in the image's etc/passwd",
  'unknown-group': "has a group that is not in the image's etc/group",
  'too-many-groups': 'is in more groups than a process can have',
};
