/**
 * Calls of one program in a maintainer script that say everything themselves: words without variables, substitutions
 * and patterns. What a script does conditionally counts as done where it would be configured for the first time; the
 * calls of debhelper's snippets are of this kind.
 */

/** The arguments of each literal call of `program`, in the order of the script. */
export function literalCalls(script: string, program: string): string[][] {
  return commandsOf(script)
    .map((command) => command.split(/\s+/))
    .filter(([name]) => name === program)
    .map(([, ...words]) => words.map((word) => word.replace(/^(["'])(.*)\1$/, '$2')))
    .filter((words) => words.every((word) => /^[\w./:+@%=,~-]+$/.test(word)));
}

/** Commands with their continued lines joined, comments and blank ones left out. */
export function commandsOf(script: string): string[] {
  return script
    .replace(/\\\r?\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}
