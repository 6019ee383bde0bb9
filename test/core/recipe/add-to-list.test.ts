/** A recipe that a program adds to stays the text that a person wrote. */
import { describe, expect, test } from 'vitest';
import { addToList } from '../../../src/core/recipe/add-to-list.ts';

const values = ['**/.DS_Store', "it's"];

function added(lines: readonly string[], at = '/layers/0'): string[] | undefined {
  return addToList(lines.join('\n'), { at, key: 'exclude', values })?.split('\n');
}

describe('a list that is not there is made', () => {
  test('below the first line of a map, behind its comment', () => {
    expect(added(['# ours', 'layers:', '  - copy: dist  # built', '    to: dist', 'cmd: [a]', ''])).toEqual([
      '# ours',
      'layers:',
      '  - copy: dist  # built',
      "    exclude: ['**/.DS_Store', 'it''s']",
      '    to: dist',
      'cmd: [a]',
      '',
    ]);
  });

  test('at the end of a map on one line', () => {
    expect(added(['layers:', '  - { copy: dist, to: "dist" } # built'])).toEqual([
      'layers:',
      "  - { copy: dist, to: \"dist\", exclude: ['**/.DS_Store', 'it''s'] } # built",
    ]);
  });

  test('in JSON as JSON', () => {
    const text = added(['{"oci": {"layers": [{"copy": "dist"}]}}'], '/oci/layers/0')?.join('\n') ?? '';
    expect(JSON.parse(text)).toEqual({ oci: { layers: [{ copy: 'dist', exclude: values }] } });
  });

  test('with the line breaks of the text', () => {
    const text = addToList('layers:\r\n- copy: dist\r\n', { at: '/layers/0', key: 'exclude', values: ['a'] });
    expect(text).toBe("layers:\r\n- copy: dist\r\n  exclude: ['a']\r\n");
  });
});

describe('a list that is there is made longer', () => {
  test('on its line', () => {
    expect(added(['layers:', '  - copy: dist', "    exclude: [ a, 'b' ] # c"])).toEqual([
      'layers:',
      '  - copy: dist',
      "    exclude: [ a, 'b', '**/.DS_Store', 'it''s' ] # c",
    ]);
    expect(added(['layers:', '  - copy: dist', '    exclude: []'])?.[2]).toBe(
      "    exclude: ['**/.DS_Store', 'it''s']",
    );
  });

  test('by lines of its own', () => {
    expect(added(['layers:', '  - exclude:', '    - a # why', '    copy: dist'])).toEqual([
      'layers:',
      '  - exclude:',
      '    - a # why',
      "    - '**/.DS_Store'",
      "    - 'it''s'",
      '    copy: dist',
    ]);
  });

  test.each([
    [['x-none: &none [a]', 'layers: [{ copy: dist, exclude: *none }]'], '/layers/0'],
    [['layers: []'], '/layers/0'],
    [['layers: [{ copy: dist, exclude: a }]'], '/layers/0'],
  ])('but not where it is no list of its own: %j', (lines, at) => {
    expect(added(lines, at)).toBeUndefined();
  });
});
