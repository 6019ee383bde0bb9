/**
 * A seccomp profile of the user's own, as JSON in Docker's words or in those of config.json (runtime-spec
 * config-linux.md, Seccomp): strictly read, with what a runtime would stumble over told.
 */
import { quoteText } from '../diagnostic/escape-text.ts';
import { suggest } from '../diagnostic/suggest.ts';
import {
  type Check,
  integerFrom,
  isObject,
  listOf,
  must,
  objectWith,
  orNull,
  type Problem,
  text,
  textThat,
} from './json-check.ts';
import { parseJson, type Parsed } from './parse-document.ts';
import type {
  ConditionalRule,
  SeccompArgument,
  SeccompCondition,
  SeccompProfile,
} from './seccomp-profile.ts';

export const maxSeccompBytes = 1024 * 1024;

export function parseSeccompProfile(bytes: Uint8Array): Parsed<SeccompProfile> {
  const parsed = parseJson(bytes, maxSeccompBytes);
  if (!parsed.ok) return parsed;
  const [first, ...rest] = checkProfile(parsed.value, '');
  if (first !== undefined) return { ok: false, problems: [first, ...rest] };
  return { ok: true, value: profileOf(parsed.value as unknown as WrittenProfile) };
}

const actions = 'KILL KILL_PROCESS KILL_THREAD TRAP ERRNO TRACE ALLOW LOG NOTIFY'.split(' ');
const operators = 'NE LT LE EQ GE GT MASKED_EQ'.split(' ');
const oneOf = (prefix: string, names: readonly string[]): Check =>
  textThat(
    (word) => names.some((name) => word === `${prefix}${name}`),
    `must be ${prefix}${names.join(`, ${prefix}`)}`,
  );

const action = oneOf('SCMP_ACT_', actions);
const architecture = textThat((word) => /^SCMP_ARCH_[A-Z0-9_]+$/.test(word), 'must be an SCMP_ARCH_ name');
const names = listOf(text, 1);
const number = integerFrom(0);

/**
 * A key that is not known is a slip, and a rule that is passed over leaves a container open. `unread` are those that
 * other tools write for people.
 */
function onlyWith(required: Members, optional: Members, unread: readonly string[] = []): Check {
  const check = objectWith(required, optional);
  const known = [...Object.keys(required), ...Object.keys(optional)];
  return (value, pointer) => {
    const found = check(value, pointer);
    if (found.length > 0 || !isObject(value)) return found;
    const others = Object.keys(value).filter((key) => !known.includes(key) && !unread.includes(key));
    return others.map((key) => ({ pointer, message: unknownKey(key, known) }));
  };
}

type Members = Readonly<Record<string, Check>>;

function unknownKey(key: string, known: readonly string[]): string {
  const near = suggest(key, known);
  return `has the key ${quoteText(key)}, which no profile has${near === undefined ? '' : `; did you mean \`${near}\`?`}`;
}

const condition = orNull(
  onlyWith({}, { arches: orNull(listOf(text)), caps: orNull(listOf(text)), minKernel: text }),
);

const argument = onlyWith(
  { index: number, value: number, op: oneOf('SCMP_CMP_', operators) },
  { valueTwo: number },
);

const ruleKeys = onlyWith(
  { action },
  {
    name: text,
    names: orNull(names),
    errnoRet: orNull(number),
    args: orNull(listOf(argument)),
    includes: condition,
    excludes: condition,
  },
  ['comment', 'errno'],
);

const rule: Check = (value, pointer) => {
  const found = ruleKeys(value, pointer);
  return found.length > 0 || !isObject(value)
    ? found
    : [...oneName(value, pointer), ...oneErrno(value, pointer)];
};

function oneName(value: Readonly<Record<string, unknown>>, pointer: string): readonly Problem[] {
  if ((typeof value['name'] === 'string') !== Array.isArray(value['names'])) return [];
  return [{ pointer, message: 'must have either `name` or `names`' }];
}

/** `errno` is a name that containers-common writes beside the number. */
function oneErrno(value: Readonly<Record<string, unknown>>, pointer: string): readonly Problem[] {
  if (value['errno'] === undefined || typeof value['errnoRet'] === 'number') return [];
  return [{ pointer, message: 'must have the number `errnoRet` beside `errno`' }];
}

const profile = onlyWith(
  { defaultAction: action },
  {
    defaultErrnoRet: orNull(number),
    architectures: orNull(listOf(architecture)),
    archMap: orNull(listOf(onlyWith({ architecture }, { subArchitectures: orNull(listOf(architecture)) }))),
    flags: orNull(listOf(text)),
    syscalls: orNull(listOf(rule)),
    listenerPath: must(() => false, 'is not possible: nobody would answer'),
  },
  ['$schema', 'comment', 'defaultErrno'],
);

function checkProfile(value: unknown, pointer: string): readonly Problem[] {
  const found = profile(value, pointer);
  if (found.length > 0 || !isObject(value)) return found;
  const both = isFilled(value['architectures']) && isFilled(value['archMap']);
  return both ? [{ pointer, message: 'must not have both `architectures` and `archMap`' }] : [];
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

/** What Go writes for nothing is `null`. */
interface WrittenProfile {
  readonly defaultAction: string;
  readonly defaultErrnoRet?: number | null;
  readonly architectures?: readonly string[] | null;
  readonly archMap?:
    readonly { readonly architecture: string; readonly subArchitectures?: readonly string[] | null }[] | null;
  readonly flags?: readonly string[] | null;
  readonly syscalls?: readonly WrittenRule[] | null;
}

interface WrittenRule {
  readonly name?: string;
  readonly names?: readonly string[] | null;
  readonly action: string;
  readonly errnoRet?: number | null;
  readonly args?: readonly SeccompArgument[] | null;
  readonly includes?: WrittenCondition | null;
  readonly excludes?: WrittenCondition | null;
}

type WrittenCondition = { readonly [Key in keyof SeccompCondition]: SeccompCondition[Key] | null };

function profileOf(written: WrittenProfile): SeccompProfile {
  const { defaultAction, defaultErrnoRet, architectures, flags } = written;
  return {
    defaultAction,
    ...present({ defaultErrnoRet, architectures, flags }),
    archMap: (written.archMap ?? []).map((one) => ({ ...one, subArchitectures: one.subArchitectures ?? [] })),
    syscalls: (written.syscalls ?? []).map(ruleOf),
  };
}

function ruleOf({ name, names: list, action: does, ...rest }: WrittenRule): ConditionalRule {
  const { errnoRet, args, includes, excludes } = rest;
  return {
    names: list ?? (name === undefined ? [] : [name]),
    action: does,
    ...present({
      errnoRet,
      args: args?.map(argumentOf),
      includes: includes && present(includes),
      excludes: excludes && present(excludes),
    }),
  };
}

function argumentOf({ index, value, valueTwo, op }: SeccompArgument): SeccompArgument {
  return { index, value, ...(valueTwo === undefined ? {} : { valueTwo }), op };
}

type Present<T> = { readonly [Key in keyof T]?: NonNullable<T[Key]> };

function present<T extends object>(value: T): Present<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, member]) => member !== undefined && member !== null),
  ) as Present<T>;
}
