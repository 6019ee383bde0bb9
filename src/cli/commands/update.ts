/** `layerwright update`: pins what references, URLs and packages stand for now, and says from where each has moved. */
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { updateLock } from '../../lock.ts';
import { changedLockJson, changedLockText } from '../changed-lock.ts';
import type { Invocation } from '../command-spec.ts';
import { type LockingOptions, lockingRequest } from '../locking-request.ts';
import { withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

export function runUpdate(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as LockingOptions;
  return withSession({ options, surroundings, access: 'read-write' }, async (session) => {
    const request = await lockingRequest(options, session, surroundings);
    const { name } = request.lock;
    const changed = session.valueOf(await updateLock(request, invocation.operands, session));
    surroundings.stdout.write(
      options.json === true ? changedLockJson(changed, name) : changedLockText(changed, name),
    );
    return exitCodes.done;
  });
}
