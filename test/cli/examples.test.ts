/** The examples of each command's help: three, no two alike, and every one a call that the grammar takes. */
import { describe, expect, test } from 'vitest';
import { allCommands } from '../../src/cli/all-commands.ts';
import { separateNoCache } from '../../src/cli/options.ts';
import { createProgram } from '../../src/cli/program.ts';
import type { Surroundings } from '../../src/cli/surroundings.ts';

const stream = { write: () => undefined, isTty: false, columns: 80 };
// Parsing runs nothing, and asks its surroundings for nothing but where to write.
const surroundings = { stdout: stream, stderr: stream } as unknown as Surroundings;

/** The arguments of a call as a shell gives them: no variables before it, nothing behind a redirection. */
function argumentsOf(example: string): string[] {
  const words = example.replace(/ [>|&].*$/, '').split(' ');
  return words.slice(words.indexOf('layerwright') + 1);
}

describe.each(allCommands().map((spec) => [spec.name, spec] as const))('%s', (name, { examples }) => {
  test('has three examples, no two alike', () => {
    expect(new Set(examples).size).toBe(3);
  });

  test.each(examples.map((example) => [example]))('takes %s', (example) => {
    const words = argumentsOf(example);
    expect(words.join(' ')).toMatch(new RegExp(`^(?:-C \\S+ )?${name}\\b`));
    expect(createProgram('0', surroundings).parse(separateNoCache(words))).toBeTypeOf('function');
  });
});
