import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/core/digest/canonical-json.ts';
import { entriesText, treeText } from '../../../src/core/tree/tree-text.ts';
import { anyEntry, file, folder } from './sample-trees.ts';

describe('the text of a tree', () => {
  it('is its canonical JSON', () => {
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 12 }), (entries) => {
        expect([...treeText({ entries })].join('')).toBe(canonicalJson({ entries }));
        expect(entriesText(entries)).toBe(canonicalJson(entries));
      }),
      { numRuns: 1000 },
    );
  });

  it('comes in pieces for a large tree', () => {
    const entries = Array.from({ length: 10_000 }, (_, index) => file(`f${String(index)}`, 'x'));
    const pieces = [...treeText({ entries })];
    expect(pieces.length).toBeGreaterThan(4);
    expect(pieces.join('')).toBe(canonicalJson({ entries }));
  });

  it('is one text for an empty tree', () => {
    expect([...treeText({ entries: [] })].join('')).toBe('{"entries":[]}');
    expect([...treeText({ entries: [folder('')] })].join('')).toContain('"path":""');
  });
});
