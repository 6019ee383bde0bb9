import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../src/core/recipe/parse-document.ts';
import { createProblemList } from '../../../src/core/recipe/problem-list.ts';
import type { RecipeNode } from '../../../src/core/recipe/recipe-node.ts';
import { placesOf } from './read-recipe.ts';

function read(text: string, root = ''): { tree: RecipeNode | undefined; problems: string[] } {
  const problems = createProblemList({ name: 'f', text });
  const tree = parseDocument(text, problems, root);
  return { tree, problems: placesOf(problems.found) };
}

function plain(node: RecipeNode | undefined): unknown {
  switch (node?.type) {
    case 'map':
      return Object.fromEntries([...node.entries].map(([key, entry]) => [key, plain(entry.value)]));
    case 'list':
      return node.items.map(plain);
    case 'text':
      return node.text;
    case 'number':
    case 'boolean':
      return node.value;
    default:
      return undefined;
  }
}

describe('parseDocument', () => {
  it('reads YAML 1.2: no is text, 0755 is decimal, 1.10 keeps its spelling', () => {
    const { tree, problems } = read('a: no\nb: 0755\nc: 1.10\nd: 0x1f\ne: !!str 5\nf: ~\n');
    expect(problems).toEqual([]);
    expect(plain(tree)).toEqual({ a: 'no', b: 755, c: 1.1, d: 31, e: '5', f: undefined });
    const numbers = tree?.type === 'map' ? [...tree.entries.values()].map(({ value }) => value) : [];
    expect(numbers.flatMap((node) => (node.type === 'number' ? [node.text] : []))).toEqual([
      '0755',
      '1.10',
      '0x1f',
    ]);
  });

  it('reads JSON with tabs, escapes and CRLF', () => {
    const { tree, problems } = read(
      '{\r\n\t"a\\/b": ["\\u00e9", "\\ud83d\\ude00", 1e3, true, null]\r\n}\r\n',
    );
    expect(problems).toEqual([]);
    expect(plain(tree)).toEqual({ 'a/b': ['é', '😀', 1000, true, undefined] });
  });

  it('gives every value its pointer and its span', () => {
    const text = 'env:\n  A/B: x\nlist: [1, {c: "d"}]\n';
    const { tree } = read(text);
    const found: string[] = [];
    const visit = (node: RecipeNode): void => {
      found.push(`${node.at} ${JSON.stringify(text.slice(node.span.start, node.span.end))}`);
      if (node.type === 'list') node.items.forEach(visit);
      if (node.type === 'map') for (const { value } of node.entries.values()) visit(value);
    };
    if (tree !== undefined) visit(tree);
    expect(found.slice(1)).toEqual([
      '/env "A/B: x\\n"',
      '/env/A~1B "x"',
      '/list "[1, {c: \\"d\\"}]"',
      '/list/0 "1"',
      '/list/1 "{c: \\"d\\"}"',
      '/list/1/c "\\"d\\""',
    ]);
  });

  it('puts what an alias stands for in its place, with the place of the alias', () => {
    const text = 'x-a: &a [1, &b two]\nc: *a\nd: *b\n';
    const { tree, problems } = read(text);
    expect(problems).toEqual([]);
    expect(plain(tree)).toEqual({ 'x-a': [1, 'two'], c: [1, 'two'], d: 'two' });
    const c = tree?.type === 'map' ? tree.entries.get('c')?.value : undefined;
    expect(c?.span).toEqual({ start: text.indexOf('*a'), end: text.indexOf('*a') + 2 });
  });

  it('takes the last anchor before an alias', () => {
    expect(plain(read('a: &x 1\nb: *x\nc: &x 2\nd: *x\n').tree)).toEqual({ a: 1, b: 1, c: 2, d: 2 });
  });

  it('reads a part of a document, its pointers from there', () => {
    const { tree } = read('{"name": "x", "oci": {"env": {"A": "b"}}}', '/oci');
    expect(tree?.at).toBe('');
    expect(plain(tree)).toEqual({ env: { A: 'b' } });
  });

  it('says that a part is not there', () => {
    expect(read('{"name": "x"}', '/oci').problems).toEqual(['recipe/empty 1:1']);
  });

  it.each([
    ['a key twice', 'a: 1\nb: 2\na: 3\n', ['recipe/duplicate-key 3:1']],
    ['a key twice in different quotes', '"a": 1\na: 3\n', ['recipe/duplicate-key 2:1']],
    ['__proto__', 'env:\n  __proto__: x\n', ['recipe/bad-key 2:3']],
    ['constructor', 'constructor: x\n', ['recipe/bad-key 1:1']],
    ['a merge key', 'a: &a {}\nb:\n  <<: *a\n', ['recipe/merge-key 3:3']],
    ['a list as a key', '? [a]\n: b\n', ['recipe/bad-key 1:3']],
    ['an empty key', '"": b\n', ['recipe/bad-key 1:1']],
    ['an alias that stands for nothing', 'a: *b\n', ['recipe/unknown-alias 1:4']],
    ['an alias within itself', 'a: &a [*a]\n', ['recipe/unknown-alias 1:8']],
    ['a tag of JavaScript', 'a: !!js/function x\n', ['recipe/custom-tag 1:4']],
    ['a tag of one’s own', 'a: !env X\n', ['recipe/custom-tag 1:4']],
    ['!!binary', 'a: !!binary aGk=\n', ['recipe/custom-tag 1:4']],
    ['YAML 1.1', '%YAML 1.1\n---\na: no\n', ['recipe/directive 1:1']],
    ['%TAG', '%TAG ! tag:x,2000:\n---\na: 1\n', ['recipe/directive 1:1']],
    ['two documents', 'a: 1\n---\nb: 2\n', ['recipe/syntax 2:1']],
    ['tabs', 'a:\n\tb: 1\n', ['recipe/syntax 2:1']],
    ['an open bracket', 'a: [1, 2\n', ['recipe/syntax 2:1']],
    ['a byte order mark', '\ufeffa: 1\n', ['recipe/encoding 1:1']],
    ['UTF-16 read as UTF-8', 'a\0:\0', ['recipe/encoding 1:2']],
    ['a control character', 'ok: 1\na: \u001b[0m\n', ['recipe/control-character 2:4']],
    ['a C1 control', 'a: \u0090\n', ['recipe/control-character 1:4']],
    ['half a character', 'a: \ud800\n', ['recipe/control-character 1:4']],
    ['nothing', '', ['recipe/empty 1:1']],
    ['a comment alone', '# a\n', ['recipe/empty 1:1']],
    ['null', 'null\n', ['recipe/empty 1:1']],
  ])('refuses %s at its place', (_, text, expected) => {
    expect(read(text).problems).toEqual(expected);
  });

  it('accepts %YAML 1.2', () => {
    expect(read('%YAML 1.2\n---\na: 1\n').problems).toEqual([]);
  });
});

function laughs(levels: number): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < levels; level += 1) {
    lines.push(
      `a${level}: &a${level} [${Array<string>(10)
        .fill(`*a${level - 1}`)
        .join(', ')}]`,
    );
  }
  return lines.join('\n');
}

function indented(depth: number): string {
  return Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}a:`).join('\n');
}

describe('a text that would cost too much', () => {
  const many = 'k: v\n'.repeat(200_000);

  it.each([
    { what: 'a billion laughs', text: laughs(9), code: 'recipe/too-many-aliases' },
    { what: '100,000 [', text: '['.repeat(100_000), code: 'recipe/too-deep' },
    { what: '100,000 {', text: '{'.repeat(100_000), code: 'recipe/too-deep' },
    { what: '100,000 "- "', text: '- '.repeat(100_000), code: 'recipe/too-large' },
    { what: '20,000 "- "', text: '- '.repeat(20_000), code: 'recipe/too-deep' },
    { what: '20,000 "? "', text: '? '.repeat(20_000), code: 'recipe/too-deep' },
    { what: '500 levels of indentation', text: indented(500), code: 'recipe/too-deep' },
    { what: '200,000 keys', text: many, code: 'recipe/too-large' },
    { what: '100 MB', text: 'a'.repeat(100_000_000), code: 'recipe/too-large' },
    { what: 'an open quote before 1 MB', text: `"${'a\n'.repeat(500_000)}`, code: 'recipe/syntax' },
    { what: 'a key of 1 MB', text: `${'a'.repeat(1_000_000)}: 1`, code: 'recipe/syntax' },
    { what: '9,000 lines of bad syntax', text: 'a b: c: d\n'.repeat(9_000), code: 'recipe/too-deep' },
  ])('is refused within a second: $what', ({ text, code }) => {
    const began = performance.now();
    const { problems } = read(text);
    expect(performance.now() - began).toBeLessThan(1000);
    expect(problems[0]).toMatch(new RegExp(`^${code} \\d+:\\d+$`));
    expect(problems.length).toBeLessThanOrEqual(5);
  });

  it('is read within a second while it is allowed', () => {
    const text = `env:\n${Array.from({ length: 10_000 }, (_, n) => `  V${n}: value ${n}`).join('\n')}\n`;
    const began = performance.now();
    expect(read(text).problems).toEqual([]);
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
