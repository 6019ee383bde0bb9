/** `runtime:` in its final type: sizes in bytes, capabilities by their full names. */
import type { IdMapOption, IdRangeOption } from '../../oci/runtime-options.ts';
import { quoteText } from '../../diagnostic/escape-text.ts';
import { suggestion } from '../../diagnostic/suggest.ts';
import { defined } from '../defined.ts';
import type { RuntimeRecipe } from '../recipe.ts';
import type { Report } from '../reporter.ts';
import type { RuntimeShape } from '../shape/runtime-shape.ts';
import { capabilityNames, limitNames, normalCapability } from '../value/linux-names.ts';
import { readSize } from './normalise-value.ts';

/** Finds the pointer of a key of `runtime`, and of what is in it. */
export type RuntimePointer = (...path: readonly (string | number)[]) => string;

export function normaliseRuntime(
  shape: RuntimeShape,
  pointer: RuntimePointer,
  report: Report,
): RuntimeRecipe {
  const { mounts, memory, ulimits, capabilities, env, selinux, idmap, ...rest } = shape;
  const bytes =
    memory === undefined ? undefined : readSize(String(memory), { at: pointer('memory'), report });
  return {
    ...defined(rest),
    ...(selinux === undefined ? {} : { selinux: defined(selinux) }),
    ...(idmap === undefined ? {} : { idmap: normaliseIdMap(idmap, pointer, report) }),
    ...(mounts === undefined ? {} : { mounts: mounts.map(normaliseMount) }),
    ...(bytes === undefined ? {} : { memory: bytes }),
    ...(ulimits === undefined ? {} : { ulimits: normaliseLimits(ulimits, pointer, report) }),
    ...(capabilities === undefined
      ? {}
      : {
          capabilities: {
            add: readCapabilities(
              capabilities.add ?? [],
              (index) => pointer('capabilities', 'add', index),
              report,
            ),
            drop: readCapabilities(
              capabilities.drop ?? [],
              (index) => pointer('capabilities', 'drop', index),
              report,
            ),
          },
        }),
    ...(env === undefined ? {} : { env: textsOf(env) }),
  };
}

/** Values as text; a number has come as it was written. */
export function textsOf(
  values: Readonly<Record<string, string | number | undefined>>,
): Record<string, string> {
  return Object.fromEntries(Object.entries(defined(values)).map(([name, value]) => [name, String(value)]));
}

type IdMapShape = NonNullable<RuntimeShape['idmap']>;

/** Groups are mapped as users are, where nothing is said of them. */
function normaliseIdMap(shape: IdMapShape, pointer: RuntimePointer, report: Report): IdMapOption {
  const read = (key: 'uids' | 'gids', texts: readonly string[]): IdRangeOption[] =>
    texts.flatMap((text, index) => {
      const range = parseIdRange(text);
      if (range === undefined) report(pointer('idmap', key, index), badRange(text));
      return range ?? [];
    });
  const uids = read('uids', shape.uids);
  return { uids, gids: shape.gids === undefined ? uids : read('gids', shape.gids) };
}

function parseIdRange(text: string): IdRangeOption | undefined {
  const found = /^(\d{1,10}):(\d{1,10}):(\d{1,10})$/.exec(text);
  if (found === null) return undefined;
  const [container = 0, host = 0, size = 0] = found.slice(1).map(Number);
  return { container, host, size };
}

function badRange(text: string) {
  return {
    code: 'recipe/bad-value',
    message: `${quoteText(text)} is no range of ids`,
    help: 'write CONTAINER:HOST:COUNT, such as "0:100000:65536"',
  } as const;
}

type MountShape = NonNullable<RuntimeShape['mounts']>[number];

function normaliseMount({ source, target, type, options }: MountShape) {
  return { source, target, type: type ?? 'bind', options: options ?? [] };
}

function normaliseLimits(
  limits: NonNullable<RuntimeShape['ulimits']>,
  pointer: RuntimePointer,
  report: Report,
): Record<string, { soft: number; hard: number }> {
  const entries = Object.entries(limits).map(([name, limit]) => {
    const both = typeof limit === 'number' ? { soft: limit, hard: limit } : limit;
    const at = pointer('ulimits', name);
    if (!limitNames.includes(name)) report(at, unknownName(name, 'resource limit', limitNames));
    else if (both.soft > both.hard) report(at, softAboveHard);
    return [name, both] as const;
  });
  return Object.fromEntries(entries);
}

const softAboveHard = {
  code: 'recipe/bad-value',
  message: 'the soft limit is above the hard one',
  help: 'raise `hard`, or lower `soft`',
} as const;

function unknownName(name: string, what: string, known: readonly string[]) {
  return {
    code: 'recipe/bad-value',
    message: `${quoteText(name)} is no ${what}`,
    help: suggestion(name, known),
  } as const;
}

function readCapabilities(
  texts: readonly string[],
  pointer: (index: number) => string,
  report: Report,
): readonly string[] {
  return texts.map((text, index) => {
    // What is still to be substituted is checked when it has been.
    const name = text.includes('${{') ? text : normalCapability(text);
    if (name === undefined) {
      report(pointer(index), unknownName(text, 'capability', [...capabilityNames, 'ALL']));
    }
    return name ?? text;
  });
}
