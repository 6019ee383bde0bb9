/** An entry of the environment, as an image config has it (image-spec config.md, Env: VARNAME=VARVALUE). */

/** The name, and what stands behind the first `=`; an entry without one is a name alone. */
export function splitVariable(entry: string): [name: string, value: string] {
  const equals = entry.indexOf('=');
  return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
}
