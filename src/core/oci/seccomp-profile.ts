/**
 * A seccomp profile in the words of github.com/moby/profiles, seccomp: rules with conditions, of which
 * compileSeccomp keeps those that hold for one image, as `seccomp` of config.json (runtime-spec config-linux.md, Seccomp).
 * A kernel that a condition names is taken to be there: the document must be the same wherever it is made, and all of
 * them name kernels before 5.0.
 */

/** As config.json has it. */
export interface RuntimeSeccomp {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number;
  readonly architectures?: readonly string[];
  readonly flags?: readonly string[];
  readonly syscalls: readonly SeccompRule[];
}

export interface SeccompRule {
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet?: number;
  readonly args?: readonly SeccompArgument[];
}

export interface SeccompArgument {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: string;
}

export interface SeccompProfile extends Omit<RuntimeSeccomp, 'syscalls'> {
  /** In place of `architectures`: those that a native one brings with it. */
  readonly archMap?: readonly {
    readonly architecture: string;
    readonly subArchitectures: readonly string[];
  }[];
  readonly syscalls: readonly ConditionalRule[];
}

export interface ConditionalRule extends SeccompRule {
  readonly includes?: SeccompCondition;
  readonly excludes?: SeccompCondition;
}

export interface SeccompCondition {
  /** Of Go and of libseccomp: `amd64`, `x32`. */
  readonly arches?: readonly string[];
  readonly caps?: readonly string[];
  readonly minKernel?: unknown;
}

export interface SeccompFor {
  /** The image's, as in its config. */
  readonly architecture: string;
  /** The bounding set. */
  readonly capabilities: readonly string[];
}

export function compileSeccomp(profile: SeccompProfile, image: SeccompFor): RuntimeSeccomp {
  const { defaultAction, defaultErrnoRet, flags, archMap = [], syscalls } = profile;
  const native = nativeArchitectures.get(image.architecture);
  const mapped = archMap.find(({ architecture }) => architecture === native);
  const architectures =
    mapped === undefined ? profile.architectures : [mapped.architecture, ...mapped.subArchitectures];
  return {
    defaultAction,
    ...(defaultErrnoRet === undefined ? {} : { defaultErrnoRet }),
    ...(architectures === undefined ? {} : { architectures }),
    ...(flags === undefined ? {} : { flags }),
    syscalls: syscalls.filter((rule) => holds(rule, image)).map(withoutConditions),
  };
}

/** All that `includes` names must be there, and nothing that `excludes` names. */
function holds({ includes = {}, excludes = {} }: ConditionalRule, image: SeccompFor): boolean {
  const { architecture, capabilities } = image;
  const { arches = [] } = includes;
  const included =
    (arches.length === 0 || arches.includes(architecture)) &&
    (includes.caps ?? []).every((name) => capabilities.includes(name));
  const excluded =
    (excludes.arches?.includes(architecture) ?? false) ||
    (excludes.caps ?? []).some((name) => capabilities.includes(name)) ||
    excludes.minKernel !== undefined;
  return included && !excluded;
}

function withoutConditions({ names, action, errnoRet, args }: ConditionalRule): SeccompRule {
  return {
    names,
    action,
    ...(errnoRet === undefined ? {} : { errnoRet }),
    ...(args === undefined || args.length === 0 ? {} : { args }),
  };
}

const nativeArchitectures: ReadonlyMap<string, string> = new Map([
  ['386', 'SCMP_ARCH_X86'],
  ['amd64', 'SCMP_ARCH_X86_64'],
  ['arm', 'SCMP_ARCH_ARM'],
  ['arm64', 'SCMP_ARCH_AARCH64'],
  ['loong64', 'SCMP_ARCH_LOONGARCH64'],
  ['mips64', 'SCMP_ARCH_MIPS64'],
  ['mips64le', 'SCMP_ARCH_MIPSEL64'],
  ['mipsle', 'SCMP_ARCH_MIPSEL'],
  ['ppc64', 'SCMP_ARCH_PPC64'],
  ['ppc64le', 'SCMP_ARCH_PPC64LE'],
  ['riscv64', 'SCMP_ARCH_RISCV64'],
  ['s390x', 'SCMP_ARCH_S390X'],
]);
