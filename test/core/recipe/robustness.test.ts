import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDiagnostics } from '../../../src/core/diagnostic/format-diagnostic.ts';
import { expandRecipe } from '../../../src/core/recipe/expand-recipe.ts';
import { parseRecipe } from '../../../src/core/recipe/parse-recipe.ts';

const example = readFileSync(new URL('../../../oci.config.example.yaml', import.meta.url), 'utf8');

/** Parses, expands and prints; whatever the text, there is an answer within a second, with a place for each problem. */
function survive(text: string): void {
  const source = { name: 'f', text };
  const began = performance.now();
  const parsed = parseRecipe(source);
  const expanded = parsed.ok ? expandRecipe(parsed.value, { args: {}, env: {} }) : undefined;
  const problems = parsed.ok ? [] : parsed.diagnostics;
  formatDiagnostics([...problems, ...(expanded?.ok === false ? expanded.diagnostics : [])], source);
  expect(performance.now() - began).toBeLessThan(1000);
  expect(problems.filter(({ place, message }) => place === undefined || /\p{Cc}/u.test(message))).toEqual([]);
}

const tokens = [
  ...[
    '[',
    ']',
    '{',
    '}',
    ': ',
    ', ',
    '- ',
    '? ',
    '\n',
    '\n  ',
    '"',
    "'",
    '|\n',
    '>\n',
    '#',
    '&a ',
    '*a ',
    '!x ',
    '%',
  ],
  ...[
    '<<',
    '__proto__',
    'layers',
    'copy',
    'from',
    'image:',
    'images',
    'group',
    '${{',
    '}}',
    ' args.X ',
    '0755',
    '~',
  ],
  ...['true', '../', '/proc', '\t', '\r\n', '\u0000', '\ufeff', '\ud800', '--- ', '... ', '\u2028'],
];

describe('parseRecipe', () => {
  it('answers to any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), survive), { numRuns: 500 });
  });

  it('answers to any row of what YAML and recipes are made of', () => {
    const text = fc.array(fc.constantFrom(...tokens), { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(fc.property(text, survive), { numRuns: 2000 });
  });

  it('answers to any change of a good recipe', () => {
    const change = fc.record({
      at: fc.nat(example.length),
      length: fc.nat(20),
      put: fc.oneof(fc.constantFrom(...tokens), fc.string({ maxLength: 5 })),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let text = example;
        for (const { at, length, put } of changes) text = text.slice(0, at) + put + text.slice(at + length);
        survive(text);
      }),
      { numRuns: 300 },
    );
  });

  it('answers to any value anywhere in a recipe of the right keys', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
    const keys = [
      'image',
      'tags',
      'from',
      'env',
      'layers',
      'copy',
      'group',
      'to',
      'mode',
      'runtime',
      'images',
      'args',
    ];
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        value,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(fc.constantFrom(...keys), fc.string()), tie('tree'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (any) => survive(JSON.stringify(any))),
      { numRuns: 1000 },
    );
  });

  it('is the same function of the same text', () => {
    const text = `${example}\nplatfroms: 5\n`;
    const parse = () => JSON.stringify(parseRecipe({ name: 'f', text }));
    expect(parse()).toBe(parse());
  });

  it('stays fast where every line is wrong', () => {
    const lines = Array.from({ length: 8000 }, (_, n) => `  - { cpoy: a, mode: 0755, k${String(n)}: 1 }`);
    const text = `layers:\n${lines.slice(0, 3000).join('\n')}\n`;
    // Processor time, which is the parser's own however busy the machine is: within 1 s (safety.md, H60 to H64).
    const began = process.cpuUsage();
    const parsed = parseRecipe({ name: 'f', text });
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(1000);
    expect(parsed.ok ? 0 : parsed.diagnostics.length).toBe(3000);
  });
});
