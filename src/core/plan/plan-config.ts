/** The container part of an image's configuration: the base's, with what the recipe says on top. */
import type { ContainerConfig, Healthcheck } from '../oci/image-config.ts';
import { splitVariable } from '../oci/split-variable.ts';
import type { HealthcheckRecipe, ImageRecipe } from '../recipe/recipe.ts';
import { type Accounts, resolveUserText } from './account.ts';
import { addError, addWarning, type Planning } from './planning.ts';

export function planConfig(
  planning: Planning,
  image: ImageRecipe,
  below: { readonly config: ContainerConfig; readonly accounts: Accounts },
): ContainerConfig {
  const { config: base, accounts } = below;
  const user = image.user === undefined ? base.User : resolveUserText(planning, { image, accounts });
  return withoutUndefined({
    ...base,
    ...(user === undefined ? {} : { User: user }),
    Env: mergeEnv(planning, image, base.Env ?? []),
    ...commandOf(image, base),
    ExposedPorts: keysOf(base.ExposedPorts, image.ports.map(portKey)),
    Volumes: keysOf(base.Volumes, image.volumes),
    Labels: nonEmpty({ ...base.Labels, ...image.labels }),
    ...(image.workdir === undefined ? {} : { WorkingDir: workingFolder(image.workdir, base.WorkingDir) }),
    ...(image.stopSignal === undefined ? {} : { StopSignal: image.stopSignal }),
    ...healthcheckOf(planning, image),
  });
}

/** The working folder of an image: absolute, or relative to its base's, as WORKDIR is in a Dockerfile. */
export function workingFolder(written: string | undefined, base: string | undefined): string {
  if (written === undefined) return base === undefined || base === '' ? '/' : base;
  if (written.startsWith('/')) return written;
  return `${(base ?? '').replace(/\/+$/, '')}/${written}`;
}

/** The base's variables keep their order; a new value stands where the old one stood, new names follow in the recipe's order. */
function mergeEnv(planning: Planning, image: ImageRecipe, base: readonly string[]): string[] | undefined {
  const baseValues = new Map(base.map(splitVariable));
  const merged = new Map(baseValues);
  for (const [name, written] of Object.entries(image.env)) {
    const at = `${image.origins['env'] ?? image.at}/env/${name}`;
    merged.set(name, substitute(planning, { at, written }, baseValues));
  }
  return merged.size === 0 ? undefined : [...merged].map(([name, value]) => `${name}=${value}`);
}

/** `${NAME}` is the base image's own NAME; `$${NAME}` is the text `${NAME}`. */
function substitute(
  planning: Planning,
  value: { readonly at: string; readonly written: string },
  variables: ReadonlyMap<string, string>,
): string {
  return value.written.replace(
    /(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g,
    (text: string, escape: string, name: string) => {
      if (escape !== '') return text.slice(1);
      const found = variables.get(name);
      if (found !== undefined) return found;
      const names = variables.size === 0 ? 'no variables' : [...variables.keys()].join(', ');
      addError(planning, value.at, {
        code: 'plan/unknown-variable',
        message: `\`\${${name}}\` is not set by the base image`,
        help: `it sets ${names}; write the value out, or $\${${name}} for the text itself`,
      });
      return '';
    },
  );
}

/** An entrypoint without a cmd drops the base's cmd, which was written for another entrypoint (as in a Dockerfile). */
function commandOf(
  image: ImageRecipe,
  base: ContainerConfig,
): Partial<Record<'Entrypoint' | 'Cmd', readonly string[] | undefined>> {
  if (image.entrypoint !== undefined) return { Entrypoint: image.entrypoint, Cmd: image.cmd };
  return image.cmd === undefined ? {} : { Entrypoint: base.Entrypoint, Cmd: image.cmd };
}

function portKey(port: string): string {
  return port.includes('/') ? port : `${port}/tcp`;
}

function keysOf(
  base: Readonly<Record<string, unknown>> | undefined,
  added: readonly string[],
): Record<string, Record<string, never>> | undefined {
  const names = [...Object.keys(base ?? {}), ...added];
  return nonEmpty(Object.fromEntries(names.map((name) => [name, {}])));
}

function nonEmpty<T>(record: Record<string, T>): Record<string, T> | undefined {
  return Object.keys(record).length === 0 ? undefined : record;
}

function healthcheckOf(planning: Planning, image: ImageRecipe): { Healthcheck?: Healthcheck } {
  if (image.healthcheck === undefined) return {};
  if (image.format === 'docker') return { Healthcheck: dockerHealthcheck(image.healthcheck) };
  addWarning(planning, `${image.origins['healthcheck'] ?? image.at}/healthcheck`, {
    code: 'plan/healthcheck-is-dockers',
    message: '`healthcheck` is Docker’s: it is written, and other runtimes pass over it',
    help: 'where something else runs the image, check it there, e.g. by a probe of Kubernetes',
  });
  return { Healthcheck: dockerHealthcheck(image.healthcheck) };
}

function dockerHealthcheck(check: HealthcheckRecipe): Healthcheck {
  return withoutUndefined({
    Test: check.test,
    Interval: check.interval,
    Timeout: check.timeout,
    StartPeriod: check.startPeriod,
    StartInterval: check.startInterval,
    Retries: check.retries,
  });
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}
