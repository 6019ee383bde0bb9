/** The values of `runtime:`. */
import { quoteText } from '../../diagnostic/escape-text.ts';
import { pointerOf } from '../pointer-of.ts';
import type { ImageRecipe } from '../recipe.ts';
import { normalCapability } from '../value/linux-names.ts';
import { type Check, checkNoNul, checkVariables } from './check.ts';
import { checkAbsolutePath } from './check-path.ts';

export function checkRuntime(check: Check, image: ImageRecipe): void {
  const { runtime } = image;
  const at = (...path: readonly (string | number)[]) => pointerOf(image, 'runtime', ...path);
  if (runtime.hostname !== undefined) checkHostname(check, at('hostname'), runtime.hostname);
  runtime.mounts?.forEach((mount, index) => {
    checkAbsolutePath(check, at('mounts', index, 'target'), mount.target);
    checkNoNul(check, at('mounts', index, 'source'), mount.source);
  });
  runtime.tmpfs?.forEach((path, index) => checkAbsolutePath(check, at('tmpfs', index), path));
  checkVariables(check, (name) => at('env', name), runtime.env ?? {});
  for (const key of ['add', 'drop'] as const) {
    runtime.capabilities?.[key].forEach((name, index) => {
      if (!check.isKnown(name) || normalCapability(name) !== undefined) return;
      check.report(at('capabilities', key, index), {
        code: 'recipe/bad-value',
        message: `${quoteText(name)} is no capability`,
      });
    });
  }
}

/** RFC 1123, 2.1, and Linux's 64 bytes (gethostname(2)). */
function checkHostname(check: Check, at: string, hostname: string): void {
  if (!check.isKnown(hostname)) return;
  if (
    hostname.length <= 64 &&
    hostname.split('.').every((label) => /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/.test(label))
  ) {
    return;
  }
  check.report(at, {
    code: 'recipe/bad-name',
    message: `${quoteText(hostname)} is no host name`,
    help: 'write up to 64 letters, digits, dots and hyphens',
  });
}
