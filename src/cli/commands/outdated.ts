/** `layerwright outdated`: what stands for something else than oci.lock says. Writes nothing. */
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { createMemoryStore } from '../../io/store/memory-store.ts';
import { overlayStore } from '../../io/store/overlay-store.ts';
import { findOutdated, type OutdatedPin } from '../../lock.ts';
import { columnsText } from '../columns.ts';
import type { Invocation } from '../command-spec.ts';
import { type LockingOptions, lockingRequest } from '../locking-request.ts';
import { withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

export function runOutdated(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as LockingOptions & { readonly exitCode?: boolean };
  return withSession({ options, surroundings, access: 'read-only' }, async (session) => {
    const request = await lockingRequest(options, session, surroundings);
    const store = overlayStore(session.store, createMemoryStore());
    const outdated = session.valueOf(await findOutdated(request, { ...session, store }));
    surroundings.stdout.write(
      options.json === true ? `${JSON.stringify({ outdated }, undefined, 2)}\n` : tableText(outdated),
    );
    return options.exitCode === true && outdated.length > 0 ? exitCodes.differs : exitCodes.done;
  });
}

function tableText(outdated: readonly OutdatedPin[]): string {
  if (outdated.length === 0) return '';
  return columnsText([
    ['REFERENCE', 'LOCKED', 'NOW'],
    ...outdated.map(({ reference, locked = '-', now = '-' }) => [escapeText(reference), locked, now]),
  ]);
}
