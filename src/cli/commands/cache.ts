/** `layerwright cache ls|du|verify|gc`: look at and trim the store. */
import { shortDigest } from '../../core/digest/digest.ts';
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { refreshStoreIndex } from '../../io/execute/store-index.ts';
import { formatBytes, formatCount } from '../../io/render/quantity.ts';
import { collectGarbage } from '../../io/store/collect-garbage.ts';
import type { DiskStore } from '../../io/store/disk-store.ts';
import { type Amount, listStore, readStoreFacts } from '../../io/store/store-facts.ts';
import { verifyStore } from '../../io/store/verify-store.ts';
import type { Invocation, RunCommand } from '../command-spec.ts';
import type { CommonOptions } from '../options.ts';
import { type Session, type SessionRequest, withSession } from '../session.ts';

interface Report {
  readonly json: unknown;
  readonly lines: readonly string[];
  readonly exit?: number;
}

type Look = (store: DiskStore, invocation: Invocation, session: Session) => Promise<Report>;

function command(access: SessionRequest['access'], look: Look): RunCommand {
  return (invocation, surroundings) => {
    const options = invocation.options as unknown as CommonOptions;
    return withSession({ options, surroundings, access }, async (session) => {
      const { json, lines, exit } = await look(session.store, invocation, session);
      const text = options.json === true ? JSON.stringify(json, undefined, 2) : lines.join('\n');
      if (text !== '') surroundings.stdout.write(`${text}\n`);
      return exit ?? exitCodes.done;
    });
  };
}

export const listCache = command('read-only', async (store) => {
  const rows = await listStore(store);
  const lines = rows.map(({ kind, key, bytes, holds }) =>
    [
      kind.padEnd(12),
      shortDigest(key),
      formatBytes(bytes).padStart(9),
      formatCount(holds.length, 'blob'),
    ].join('  '),
  );
  return { json: rows, lines };
});

export const measureCache = command('read-only', (store) => {
  const facts = readStoreFacts(store);
  const row = (name: string, { count, bytes }: Amount): string =>
    `${name.padEnd(12)}${formatBytes(bytes).padStart(9)}  ${formatCount(count, 'file')}`;
  const lines = [
    `${'place'.padEnd(12)}${facts.path}`,
    row('blobs', facts.blobs),
    row('results', facts.results),
    row('temporary', facts.temporary),
    row('quarantined', facts.quarantined),
    ...(facts.inUse ? ['a build is using it'] : []),
  ];
  return Promise.resolve({ json: facts, lines });
});

/** Ends with 4 where anything is corrupt; it is in quarantine then, and the next build makes it again. */
export const verifyCache = command('read-write', async (store, _invocation, session) => {
  const verdict = await verifyStore(store);
  verdict.corrupt.forEach((diagnostic) => {
    session.show(diagnostic);
  });
  const { blobs, results, bytes, corrupt } = verdict;
  const line = `${formatCount(blobs, 'blob')} (${formatBytes(bytes)}) and ${formatCount(results, 'result')} read, ${String(corrupt.length)} corrupt`;
  return { json: verdict, lines: [line], exit: corrupt.length === 0 ? exitCodes.done : exitCodes.integrity };
});

const dayInMilliseconds = 86_400_000;

export const trimCache = command('read-write', async (store, invocation) => {
  const days = invocation.options['keepDays'] as number;
  const collected = await collectGarbage(store, {
    keepYoungerThan: days * dayInMilliseconds,
    now: Date.now(),
  });
  await refreshStoreIndex(store.folder);
  const { results, blobs, bytes, leftovers } = collected;
  const line = `removed ${formatCount(results.length, 'result')} and ${formatCount(blobs.length, 'blob')}, ${formatBytes(bytes)}`;
  const more = leftovers === 0 ? '' : `; ${formatCount(leftovers, 'leftover')} too`;
  return { json: collected, lines: [line + more] };
});
