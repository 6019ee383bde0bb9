/** The values of `runtime:`. */
import { quoteText } from '../../diagnostic/escape-text.ts';
import { idMapProblems } from '../../oci/runtime-confinement.ts';
import { pointerOf } from '../pointer-of.ts';
import type { ImageRecipe } from '../recipe.ts';
import { normalCapability } from '../value/linux-names.ts';
import { type Check, checkName, checkNoNul, checkVariables } from './check.ts';
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
  checkConfinement(check, image);
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

function checkConfinement(check: Check, image: ImageRecipe): void {
  const { seccomp, selinux, apparmor, idmap, rootless } = image.runtime;
  const at = (...path: readonly string[]) => pointerOf(image, 'runtime', ...path);
  const texts = { seccomp, apparmor, 'selinux/process': selinux?.process, 'selinux/mount': selinux?.mount };
  for (const [key, text] of Object.entries(texts))
    if (text !== undefined)
      checkName(check, at(...key.split('/')), { text, what: key.replace('/', ' label of ') });
  if (idmap === undefined) return;
  for (const [key, message] of idMapProblems(idmap)) {
    // Groups that are mapped as users are were said already.
    if (key === 'gids' && idmap.gids === idmap.uids) continue;
    check.report(at('idmap', key), {
      code: 'recipe/bad-value',
      message: `\`${key}\` ${message}`,
      help: 'write CONTAINER:HOST:COUNT, such as "0:100000:65536"',
    });
  }
  if (rootless !== true) return;
  check.report(at('idmap'), {
    code: 'recipe/misplaced-key',
    message: '`idmap` is for bundles that root runs, and `rootless` for those of an ordinary user',
    help: 'keep one of them',
  });
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
