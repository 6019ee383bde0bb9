/**
 * config.json of a runtime bundle (runtime-spec 1.0.2, the version that every runc and crun takes), made of an image's
 * config by image-spec conversion.md and of the caller's options. Pure: the same arguments give the same document. What
 * no process could have, and what would leave the root file system, is refused; what a runtime would take for orders is
 * left out with a warning (safety.md, Bundle).
 */
import type { ImageConfig } from './image-config.ts';
import { checkIdMappings, makeSeccomp } from './runtime-confinement.ts';
import type { SeccompProfile } from './seccomp-profile.ts';
import { makeAnnotations } from './runtime-annotations.ts';
import { checkCapabilities, makeCapabilities } from './runtime-capabilities.ts';
import { checkLimits, limitsAsked, makeLinux, makeRlimits } from './runtime-linux.ts';
import { checkMounts, makeMounts } from './runtime-mounts.ts';
import type { RootlessCaller, RuntimeOptions, RuntimeProblem, RuntimeWarning } from './runtime-options.ts';
import { checkProcess, makeArgs, makeCwd, makeEnv } from './runtime-process.ts';
import type { RuntimeConfig, RuntimeProcess } from './runtime-spec.ts';
import type { ResolvedUser } from './user-spec.ts';

export interface RuntimeConfigInput {
  readonly image: ImageConfig;
  /** The image's User, resolved in its own passwd and group (resolveImageUser). */
  readonly user: ResolvedUser;
  readonly options: RuntimeOptions;
  /** In place of the image's Cmd, as in `run REF -- ARGS`. */
  readonly args?: readonly string[];
  /** The profile of the file that `seccomp` names. */
  readonly seccomp?: SeccompProfile;
  /** Where the bundle is for an ordinary user: a user namespace in which the caller is root. */
  readonly rootless?: RootlessCaller;
}

export type RuntimeConfigResult =
  | { readonly ok: true; readonly config: RuntimeConfig; readonly warnings: readonly RuntimeWarning[] }
  | { readonly ok: false; readonly problems: readonly [RuntimeProblem, ...RuntimeProblem[]] };

const ociVersion = '1.0.2';
const defaultHostname = 'layerwright';

/** The document, with its members in a fixed order, or every problem. The root file system is `rootfs` beside it. */
export function makeRuntimeConfig(input: RuntimeConfigInput): RuntimeConfigResult {
  const { image, options, args, rootless } = input;
  const [first, ...rest] = [...checkInput(image, options, args), ...checkIdMappings(options, input.user)];
  if (first !== undefined) return { ok: false, problems: [first, ...rest] };
  const user = mapUser(input.user, rootless);
  const { annotations, leftOut } = makeAnnotations(image);
  const process = makeProcess(input, user);
  const confined = { architecture: image.architecture, capabilities: process.capabilities.bounding };
  const config: RuntimeConfig = {
    ociVersion,
    process,
    root: { path: 'rootfs', readonly: options.readonly ?? false },
    hostname: options.hostname ?? defaultHostname,
    mounts: makeMounts(options, rootless === undefined && options.idmap === undefined ? 'root' : 'user'),
    annotations,
    linux: makeLinux(options, { rootless, seccomp: makeSeccomp(options, input.seccomp, confined) }),
  };
  return { ok: true, config, warnings: makeWarnings(input, user, leftOut) };
}

/** The text of config.json. */
export function formatRuntimeConfig(config: RuntimeConfig): string {
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

function checkInput(
  image: ImageConfig,
  options: RuntimeOptions,
  args: readonly string[] | undefined,
): RuntimeProblem[] {
  return [
    ...checkProcess(image, options, args),
    ...checkHostname(options),
    ...checkMounts(options),
    ...checkLimits(options),
    ...checkCapabilities(options),
  ];
}

// RFC 1123, section 2.1; sethostname(2) ends at 64.
function checkHostname({ hostname }: RuntimeOptions): RuntimeProblem[] {
  if (hostname === undefined || /^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,62}[A-Za-z0-9])?$/.test(hostname)) return [];
  const message = 'must be a host name: letters, digits, hyphens and dots, at most 64';
  return [{ source: 'runtime', pointer: '/hostname', message }];
}

function makeProcess(input: RuntimeConfigInput, user: ResolvedUser): RuntimeProcess {
  const { image, options, args } = input;
  const rlimits = makeRlimits(options);
  return {
    terminal: false,
    user: {
      uid: user.uid,
      gid: user.gid,
      ...(user.additionalGids.length === 0 ? {} : { additionalGids: user.additionalGids }),
    },
    args: makeArgs(image, args),
    env: makeEnv(image, options, input.user),
    cwd: makeCwd(image),
    capabilities: makeCapabilities(options, user.uid),
    ...(rlimits.length === 0 ? {} : { rlimits }),
    noNewPrivileges: true,
    ...(options.apparmor === undefined ? {} : { apparmorProfile: options.apparmor }),
    ...(options.selinux?.process === undefined ? {} : { selinuxLabel: options.selinux.process }),
  };
}

/**
 * Without a user namespace the user as it is, its own group among the supplementary ones (CVE-2022-36109: else a setgid
 * program could shed it). In one, the user if the caller's ranges hold its ids, else root there, which is the caller
 * outside; and no supplementary groups, since runc takes none from an ordinary user.
 */
function mapUser(user: ResolvedUser, rootless: RootlessCaller | undefined): ResolvedUser {
  if (rootless === undefined)
    return { ...user, additionalGids: [...new Set([user.gid, ...user.additionalGids])] };
  const isMapped = user.uid <= (rootless.subUids?.count ?? 0) && user.gid <= (rootless.subGids?.count ?? 0);
  const { uid, gid } = isMapped ? user : { uid: 0, gid: 0 };
  return { uid, gid, home: user.home, additionalGids: [] };
}

function makeWarnings(
  { image, user, options, args, rootless }: RuntimeConfigInput,
  mapped: ResolvedUser,
  leftOut: readonly string[],
): RuntimeWarning[] {
  const limits = rootless === undefined ? [] : limitsAsked(options);
  const hasCommand = [...(image.config?.Entrypoint ?? []), ...(args ?? image.config?.Cmd ?? [])].length > 0;
  const groups = user.additionalGids.filter((gid) => gid !== user.gid && rootless !== undefined);
  const isMoved = mapped.uid !== user.uid || mapped.gid !== user.gid;
  return [
    ...(leftOut.length === 0 ? [] : [{ kind: 'labels-left-out' as const, keys: leftOut }]),
    ...(hasCommand ? [] : [{ kind: 'no-command' as const }]),
    ...(limits.length === 0 ? [] : [{ kind: 'limits-not-applied' as const, options: limits }]),
    ...(groups.length === 0 ? [] : [{ kind: 'groups-not-applied' as const, gids: groups }]),
    ...(isMoved ? [{ kind: 'user-not-mapped' as const, uid: user.uid, gid: user.gid }] : []),
  ];
}
