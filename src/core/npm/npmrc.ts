/** `.npmrc` as npm reads it: `key = value` lines, comments, quotes, and `${NAME}` for what the environment holds. */

export type NpmSettings = ReadonlyMap<string, string>;

type Environment = Readonly<Record<string, string | undefined>>;

/** What stands between the values of a list, as npm writes one into the environment. */
export const listSeparator = '\n\n';

/** `key[] = value` is one value of a list. Sections mean nothing to what is asked here; they are passed over. */
export function parseNpmrc(text: string, env: Environment): NpmSettings {
  const settings = new Map<string, string>();
  for (const line of text.split(/\r?\n|\r/)) {
    const trimmed = line.trim();
    if (trimmed === '' || /^[;#[]/.test(trimmed)) continue;
    const equals = trimmed.indexOf('=');
    const key = unquoted(equals < 0 ? trimmed : trimmed.slice(0, equals));
    const value = equals < 0 ? 'true' : unquoted(trimmed.slice(equals + 1));
    addSetting(settings, expand(key, env), expand(value, env));
  }
  return settings;
}

function addSetting(settings: Map<string, string>, key: string, value: string): void {
  if (!key.endsWith('[]')) {
    settings.set(key, value);
    return;
  }
  const name = key.slice(0, -'[]'.length);
  const before = settings.get(name);
  settings.set(name, before === undefined ? value : `${before}${listSeparator}${value}`);
}

/** ini's unsafe(): a quoted text is JSON where it can be; else a comment ends it, unless it is escaped. */
function unquoted(written: string): string {
  const text = written.trim();
  const quote = text.at(0);
  if (text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote)) {
    return quote === '"' ? (jsonText(text) ?? text) : text.slice(1, -1);
  }
  const comment = /(?<!\\)[;#]/.exec(text);
  return text
    .slice(0, comment?.index ?? text.length)
    .trim()
    .replaceAll(/\\([\\;#])/g, '$1');
}

function jsonText(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** npm's env-replace: what is not set stays as it is written, or is nothing with `${NAME?}`. */
function expand(text: string, env: Environment): string {
  return text.replaceAll(
    /\$\{([^${}?]{1,256})(\?)?\}/g,
    (whole, name: string, mayLack: string | undefined) => {
      const value = Object.hasOwn(env, name) ? env[name] : undefined;
      return value ?? (mayLack === undefined ? whole : '');
    },
  );
}

/** `npm_config_…` of the environment: letters in any case, `_` for `-` but at the start. */
export function settingsOfEnvironment(env: Environment): NpmSettings {
  const settings = new Map<string, string>();
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || value === '' || !/^npm_config_/i.test(name)) continue;
    const key = name.slice('npm_config_'.length);
    // The place of a credential keeps its spelling: //host/:_authToken.
    if (key.startsWith('//')) settings.set(key, value);
    else settings.set(key.toLowerCase().replaceAll(/(?!^)_/g, '-'), value);
  }
  return settings;
}

/** One out of several: the first that has a key gives its value. */
export function mergeSettings(ordered: readonly NpmSettings[]): NpmSettings {
  return new Map(ordered.toReversed().flatMap((settings) => [...settings]));
}
