/** What the caller asks of a bundle beside its image (recipe.md, `runtime`): it shapes config.json and no digest. */

export interface RuntimeOptions {
  readonly hostname?: string;
  readonly readonly?: boolean;
  readonly mounts?: readonly MountOption[];
  /** `/path`, or `/path:size=64m,mode=755`. */
  readonly tmpfs?: readonly string[];
  /** Bytes. */
  readonly memory?: number;
  readonly pids?: number;
  readonly cpus?: number;
  readonly ulimits?: Readonly<Record<string, { readonly soft: number; readonly hard: number }>>;
  readonly capabilities?: { readonly add: readonly string[]; readonly drop: readonly string[] };
  readonly env?: Readonly<Record<string, string>>;
  readonly network?: 'none' | 'host';
  /** `default` (Docker's), `unconfined`, or a file with a profile; nothing is filtered where it is left out. */
  readonly seccomp?: string;
  /** Labels of SELinux, for the process and for what is mounted. */
  readonly selinux?: { readonly process?: string; readonly mount?: string };
  /** The name of an AppArmor profile that the kernel has loaded. */
  readonly apparmor?: string;
  /** A user namespace, in which these are the ids of the container; for a bundle that root runs. */
  readonly idmap?: IdMapOption;
  /** The caller's cue to give makeRuntimeConfig a RootlessCaller; not read here. */
  readonly rootless?: boolean;
}

export interface IdMapOption {
  readonly uids: readonly IdRangeOption[];
  readonly gids: readonly IdRangeOption[];
}

export interface IdRangeOption {
  readonly container: number;
  readonly host: number;
  readonly size: number;
}

export interface MountOption {
  readonly source: string;
  readonly target: string;
  readonly type: string;
  readonly options: readonly string[];
}

/** An ordinary user, who becomes root in a user namespace. */
export interface RootlessCaller {
  readonly uid: number;
  readonly gid: number;
  /** Ids of the caller's in /etc/subuid and /etc/subgid, which become 1 and up in the container. */
  readonly subUids?: IdRange;
  readonly subGids?: IdRange;
}

export interface IdRange {
  readonly start: number;
  readonly count: number;
}

/** What is wrong with the image's config, or with the caller's options. */
export interface RuntimeProblem {
  readonly source: 'image' | 'runtime';
  /** JSON Pointer into the image config, or into the options. */
  readonly pointer: string;
  /** One clause without a full stop. */
  readonly message: string;
}

/** Each kind at most once. */
export type RuntimeWarning =
  /** Labels that runtimes act on, or that have no name (safety.md, Bundle); keys sorted. */
  | { readonly kind: 'labels-left-out'; readonly keys: readonly string[] }
  /** The image says no command; args are `sh`, as umoci has it. */
  | { readonly kind: 'no-command' }
  /** Limits that an ordinary user cannot set: `memory`, `pids`, `cpus`. */
  | { readonly kind: 'limits-not-applied'; readonly options: readonly string[] }
  /** Supplementary groups, which an ordinary user cannot give. */
  | { readonly kind: 'groups-not-applied'; readonly gids: readonly number[] }
  /** The user has no id in the caller's user namespace; the process runs as its root, which is the caller. */
  | { readonly kind: 'user-not-mapped'; readonly uid: number; readonly gid: number };
