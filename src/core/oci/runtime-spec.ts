/** The members of config.json (runtime-spec config.md, config-linux.md) that we write, and no others. */

import type { RuntimeSeccomp } from './seccomp-profile.ts';

export interface RuntimeConfig {
  readonly ociVersion: string;
  readonly process: RuntimeProcess;
  readonly root: { readonly path: string; readonly readonly: boolean };
  readonly hostname: string;
  readonly mounts: readonly RuntimeMount[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly linux: RuntimeLinux;
}

export interface RuntimeProcess {
  readonly terminal: boolean;
  readonly user: { readonly uid: number; readonly gid: number; readonly additionalGids?: readonly number[] };
  readonly args: readonly string[];
  readonly env: readonly string[];
  readonly cwd: string;
  readonly capabilities: RuntimeCapabilities;
  readonly rlimits?: readonly { readonly type: string; readonly soft: number; readonly hard: number }[];
  readonly noNewPrivileges: boolean;
  readonly apparmorProfile?: string;
  readonly selinuxLabel?: string;
}

export interface RuntimeCapabilities {
  readonly bounding: readonly string[];
  readonly effective: readonly string[];
  readonly permitted: readonly string[];
  readonly inheritable: readonly string[];
  readonly ambient: readonly string[];
}

export interface RuntimeMount {
  readonly destination: string;
  readonly type: string;
  readonly source: string;
  readonly options: readonly string[];
}

export interface IdMapping {
  readonly containerID: number;
  readonly hostID: number;
  readonly size: number;
}

export interface RuntimeLinux {
  readonly uidMappings?: readonly IdMapping[];
  readonly gidMappings?: readonly IdMapping[];
  readonly resources?: RuntimeResources;
  readonly namespaces: readonly { readonly type: string }[];
  readonly seccomp?: RuntimeSeccomp;
  readonly maskedPaths: readonly string[];
  readonly readonlyPaths: readonly string[];
  readonly mountLabel?: string;
}

export interface RuntimeResources {
  readonly devices: readonly DeviceRule[];
  readonly memory?: { readonly limit: number };
  readonly pids?: { readonly limit: number };
  readonly cpu?: { readonly quota: number; readonly period: number };
}

export interface DeviceRule {
  readonly allow: boolean;
  readonly type?: 'c';
  readonly major?: number;
  readonly minor?: number;
  readonly access: string;
}
