/**
 * What holds a container in beside its namespaces (runtime-spec config.md, Linux Process; config-linux.md, Seccomp, User
 * namespace mappings): seccomp rules, labels of SELinux, an AppArmor profile and mapped ids. All of it is asked for;
 * what the kernel that runs the bundle does not have, the runtime refuses.
 */
import { defaultSeccomp } from './default-seccomp.ts';
import type { IdMapOption, IdRangeOption, RuntimeOptions, RuntimeProblem } from './runtime-options.ts';
import type { IdMapping } from './runtime-spec.ts';
import {
  compileSeccomp,
  type RuntimeSeccomp,
  type SeccompFor,
  type SeccompProfile,
} from './seccomp-profile.ts';
import { maxId, type ResolvedUser } from './user-spec.ts';

/** Undefined where nothing is filtered. `own` is the profile that the options name as a file. */
export function makeSeccomp(
  { seccomp }: RuntimeOptions,
  own: SeccompProfile | undefined,
  image: SeccompFor,
): RuntimeSeccomp | undefined {
  if (seccomp === undefined || seccomp === 'unconfined') return undefined;
  const profile = seccomp === 'default' ? defaultSeccomp : own;
  return profile === undefined ? undefined : compileSeccomp(profile, image);
}

/** The file that `seccomp` names, which the caller reads. */
export function seccompFile({ seccomp }: RuntimeOptions): string | undefined {
  return seccomp === 'default' || seccomp === 'unconfined' ? undefined : seccomp;
}

export function makeIdMappings(ranges: readonly IdRangeOption[]): IdMapping[] {
  return ranges.map(({ container, host, size }) => ({ containerID: container, hostID: host, size }));
}

/** The id outside; undefined where none is mapped. */
export function mapId(ranges: readonly IdRangeOption[], id: number): number | undefined {
  const range = ranges.find(({ container, size }) => id >= container && id < container + size);
  return range === undefined ? undefined : range.host + id - range.container;
}

/** The ids of the image's user, and those that its files have, must be somebody's. */
export function checkIdMappings({ idmap }: RuntimeOptions, user: ResolvedUser): RuntimeProblem[] {
  if (idmap === undefined) return [];
  const own = { uids: user.uid, gids: user.gid };
  const unmapped = (['uids', 'gids'] as const).filter((key) => mapId(idmap[key], own[key]) === undefined);
  return [
    ...idMapProblems(idmap),
    ...unmapped.map((key) => [key, `must map ${String(own[key])}, whom the image runs as`] as const),
  ].map(([key, message]) => ({ source: 'runtime', pointer: `/idmap/${key}`, message }));
}

/** What is wrong with the ranges themselves (user_namespaces(7)). */
export function idMapProblems(idmap: IdMapOption): (readonly ['uids' | 'gids', string])[] {
  return (['uids', 'gids'] as const).flatMap((key) => {
    const message = rangesProblem(idmap[key]);
    return message === undefined ? [] : [[key, message] as const];
  });
}

function rangesProblem(ranges: readonly IdRangeOption[]): string | undefined {
  const isWrong = ranges.some(
    ({ container, host, size }) => size < 1 || container + size - 1 > maxId || host + size - 1 > maxId,
  );
  if (isWrong) return `must be ranges of at least one id, up to ${String(maxId)}`;
  if (overlap(ranges, 'container') || overlap(ranges, 'host')) return 'must be ranges that do not overlap';
  if (ranges.length === 0) return undefined;
  return mapId(ranges, 0) === undefined ? 'must map 0, whom files belong to' : undefined;
}

function overlap(ranges: readonly IdRangeOption[], side: 'container' | 'host'): boolean {
  const sorted = [...ranges].sort((a, b) => a[side] - b[side]);
  return sorted.some((range, at) => {
    const before = sorted[at - 1];
    return before !== undefined && before[side] + before.size > range[side];
  });
}
