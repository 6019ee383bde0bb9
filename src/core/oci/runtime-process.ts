/**
 * What runs and in which surroundings (image-spec conversion.md, Verbatim Fields): args, env and cwd of an image's
 * config as they stand there, refused where no process could have them.
 */
import type { ImageConfig } from './image-config.ts';
import type { RuntimeOptions, RuntimeProblem } from './runtime-options.ts';
import type { ResolvedUser } from './user-spec.ts';

const defaultPath = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Entrypoint and Cmd, or `args` in place of Cmd; `sh` where there is neither. */
export function makeArgs(image: ImageConfig, args: readonly string[] | undefined): string[] {
  const command = [...(image.config?.Entrypoint ?? []), ...(args ?? image.config?.Cmd ?? [])];
  return command.length === 0 ? ['sh'] : command;
}

/**
 * The image's variables in their order but for those that the caller gives, the caller's by name, then PATH and HOME
 * where nobody gave them: runtimes look the command up in PATH and differ in what they put there.
 */
export function makeEnv(image: ImageConfig, options: RuntimeOptions, user: ResolvedUser): string[] {
  const given = new Map(Object.entries(options.env ?? {}));
  const kept = (image.config?.Env ?? []).filter((entry) => !given.has(nameOf(entry)));
  const added = [...given].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${value}`);
  const env = [...kept, ...added];
  const home = user.home.startsWith('/') && !user.home.includes('\0') ? user.home : '/';
  const names = new Set(env.map(nameOf));
  return [
    ...env,
    ...(names.has('PATH') ? [] : [defaultPath]),
    ...(names.has('HOME') ? [] : [`HOME=${home}`]),
  ];
}

/** WorkingDir; below / where it is relative, as docker reads it. */
export function makeCwd(image: ImageConfig): string {
  return absolute(image.config?.WorkingDir ?? '');
}

/** The folders that must stand in the root file system: the working folder and the volumes, absolute, each once. */
export function foldersOfImage(image: ImageConfig): string[] {
  const volumes = Object.keys(image.config?.Volumes ?? {}).map(absolute);
  return [...new Set([makeCwd(image), ...volumes])];
}

export function checkProcess(
  image: ImageConfig,
  options: RuntimeOptions,
  args: readonly string[] | undefined,
): RuntimeProblem[] {
  const config = image.config ?? {};
  const texts: readonly (readonly [RuntimeProblem['source'], string, readonly string[]])[] = [
    ['image', '/config/Entrypoint', config.Entrypoint ?? []],
    ['image', '/config/Cmd', args === undefined ? (config.Cmd ?? []) : []],
    ['runtime', '/args', args ?? []],
    ['image', '/config/Env', config.Env ?? []],
  ];
  const found = texts.flatMap(([source, pointer, list]) =>
    list.flatMap((text, at) => checkText(text, { source, pointer: `${pointer}/${String(at)}` })),
  );
  return [...found, ...checkVariables(image, options), ...checkFolders(image)];
}

function nameOf(entry: string): string {
  return entry.slice(0, Math.max(entry.indexOf('='), 0));
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `/${path}`;
}

type ProblemPlace = Pick<RuntimeProblem, 'source' | 'pointer'>;

/** execve(2): no NUL, and MAX_ARG_STRLEN is 128 KiB with the NUL at the end. */
function checkText(text: string, place: ProblemPlace): RuntimeProblem[] {
  if (text.includes('\0')) return [{ ...place, message: 'must not hold a NUL' }];
  const bytes = text.length < 32_768 ? 0 : new TextEncoder().encode(text).length;
  return bytes < 131_072
    ? []
    : [{ ...place, message: 'is longer than the 128 KiB that Linux hands to a process' }];
}

function checkVariables(image: ImageConfig, options: RuntimeOptions): RuntimeProblem[] {
  const own = (image.config?.Env ?? []).flatMap((entry, at): RuntimeProblem[] =>
    entry.indexOf('=') > 0
      ? []
      : [
          {
            source: 'image',
            pointer: `/config/Env/${String(at)}`,
            message: 'must be a variable: NAME=value',
          },
        ],
  );
  const given = Object.entries(options.env ?? {}).flatMap(([name, value]): RuntimeProblem[] => {
    const place: ProblemPlace = { source: 'runtime', pointer: `/env/${name}` };
    if (name === '' || name.includes('=')) return [{ ...place, message: 'must have a name without `=`' }];
    return checkText(`${name}=${value}`, place);
  });
  return [...own, ...given];
}

function checkFolders(image: ImageConfig): RuntimeProblem[] {
  const volumes = Object.keys(image.config?.Volumes ?? {}).map((path) => ['/config/Volumes', path] as const);
  const all = [['/config/WorkingDir', image.config?.WorkingDir ?? ''] as const, ...volumes];
  return all
    .filter(([, path]) => path.includes('\0') || path.split('/').includes('..'))
    .map(([pointer]) => ({ source: 'image', pointer, message: 'must be a path without `..` and NUL' }));
}
