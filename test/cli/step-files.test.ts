import fc from 'fast-check';
import { expect, test } from 'vitest';
import { outputsText } from '../../src/cli/step-files.ts';

/** As the runner reads the file of outputs. */
function read(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  let lines = text.split('\n');
  while (lines.length > 1) {
    const [name = '', end = ''] = lines[0]?.split('<<') ?? [];
    const last = lines.indexOf(end, 1);
    if (last < 0) throw new Error(`no end of ${name}`);
    found[name] = lines.slice(1, last).join('\n');
    lines = lines.slice(last + 1);
  }
  return found;
}

test('outputs come back as they were, whatever lines they have', () => {
  const value = fc.string({ unit: fc.constantFrom('a', '\n', '<', '=', 'end-', '\r') });
  fc.assert(
    fc.property(value, value, (digest, metadata) => {
      expect(read(outputsText({ digest, metadata }))).toEqual({ digest, metadata });
    }),
  );
});

test('an output that holds the end of another does not end it', () => {
  const first = outputsText({ digest: 'x' });
  expect(read(outputsText({ digest: 'x', metadata: first }))).toEqual({ digest: 'x', metadata: first });
});

test('the same outputs are the same text', () => {
  expect(outputsText({ digest: 'x' })).toBe(outputsText({ digest: 'x' }));
});
