/** `layerwright lock`: oci.lock becomes what the recipe needs; with `--check` it is only held against it. */
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { checkLock, completeLock } from '../../lock.ts';
import { changedLockJson, changedLockText, upToDateText } from '../changed-lock.ts';
import type { Invocation } from '../command-spec.ts';
import { type LockingOptions, lockingRequest } from '../locking-request.ts';
import { withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

export function runLock(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as LockingOptions & { readonly check?: boolean };
  const access = options.check === true ? 'read-only' : 'read-write';
  return withSession({ options, surroundings, access }, async (session) => {
    const request = await lockingRequest(options, session, surroundings);
    const { name } = request.lock;
    if (options.check === true) {
      session.valueOf(checkLock(request));
      surroundings.stdout.write(
        options.json === true ? `${JSON.stringify({ file: name, changes: [] })}\n` : upToDateText(name),
      );
      return exitCodes.done;
    }
    const changed = session.valueOf(await completeLock(request, session));
    surroundings.stdout.write(
      options.json === true ? changedLockJson(changed, name) : changedLockText(changed, name),
    );
    return exitCodes.done;
  });
}
