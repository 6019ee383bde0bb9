/** A line of package.json's `scripts` that starts node or bun on a file, such as `NODE_ENV=production node dist/x.js`. */
import { projectPath } from './project-view.ts';

export interface StartScript {
  readonly runner: 'node' | 'bun' | 'compiler';
  /** Flags of the runner that make sense in an image. */
  readonly flags: readonly string[];
  /** The file, or the folder for `node .`, relative to the project. */
  readonly file: string;
  readonly args: readonly string[];
}

/** Programs that run TypeScript by compiling it as they go. */
const compilers = new Set(['tsx', 'ts-node', 'ts-node-dev', 'ts-node-esm']);
const takesValue = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
]);
/** For the developer's computer alone. */
const onlyHere = /^--(?:watch|inspect|env-file)/;

/** Undefined for anything that a shell would have to read, or that starts another program. */
export function readStartScript(script: string): StartScript | undefined {
  const last = script.split('&&').at(-1)?.trim() ?? '';
  if (/[;&|<>$`'"()\\*?]/.test(last)) return undefined;
  const words = last.split(/\s+/).filter((word) => word !== 'cross-env' && !/^\w+=/.test(word));
  const [program = '', ...rest] =
    words[0] === 'bun' && words[1] === 'run' ? ['bun', ...words.slice(2)] : words;
  const runner = compilers.has(program) ? 'compiler' : program;
  if (runner !== 'node' && runner !== 'bun' && runner !== 'compiler') return undefined;
  const { flags, operands } = separate(rest);
  const [written, ...args] = operands;
  if (written === undefined) return undefined;
  const file = written === '.' || written === './' ? '.' : projectPath(written);
  return file === undefined ? undefined : { runner, flags, file, args };
}

function separate(words: readonly string[]): { flags: string[]; operands: readonly string[] } {
  const flags: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) return { flags, operands: words.slice(at) };
    const value = takesValue.has(word) ? words[(at += 1)] : undefined;
    if (!onlyHere.test(word)) flags.push(word, ...(value === undefined ? [] : [value]));
  }
  return { flags, operands: [] };
}
