import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { conformancePath, hasConformanceData, readConformanceText } from './conformance-data.ts';
import { loadSpecSchema } from './spec-schema.ts';

interface RuntimeCase {
  readonly schema: string;
  readonly verdict: 'good' | 'bad';
  readonly path: string;
}

function findCases(): RuntimeCase[] {
  if (!hasConformanceData) return [];
  return ['config', 'features', 'state'].flatMap((schema) =>
    (['good', 'bad'] as const).flatMap((verdict) => {
      const folder = `runtime-spec-cases/${schema}/${verdict}`;
      return readdirSync(conformancePath(folder)).map((name) => ({
        schema,
        verdict,
        path: `${folder}/${name}`,
      }));
    }),
  );
}

const cases = findCases();

/** Not JSON at all, or what the schema says. */
function problemsOf({ schema, path }: RuntimeCase): string[] {
  const text = readConformanceText(path);
  try {
    return loadSpecSchema(`runtime-spec/${schema}-schema.json`)(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return ['not JSON'];
    throw error;
  }
}

// These show that the schemas, by which runtime-config.test.ts judges what we write, refuse and accept as upstream says.
describe.skipIf(!hasConformanceData)(
  'the schemas of the runtime spec, by runtime-spec-cases (skipped without ../shared/data)',
  () => {
    it('asserts every row: 19, of which 12 are good', () => {
      expect(cases).toHaveLength(19);
      expect(cases.filter(({ verdict }) => verdict === 'good')).toHaveLength(12);
    });

    it.each(cases)('find $path to be $verdict', (row) => {
      expect(problemsOf(row).length === 0).toBe(row.verdict === 'good');
    });
  },
);
