/** `--progress json` of the built command: one JSON object a line, each as `layerwright schema events` says. */
import { Ajv } from 'ajv';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeProject, type Project } from '../rigs/project.ts';

let project: Project;
let check: (text: string) => unknown[];
beforeEach(() => {
  project = makeProject('layers: [{ copy: dist }]\n', { 'dist/server.js': 'serve()' });
  const isLine = new Ajv({ allErrors: true }).compile(
    JSON.parse(project.succeed('schema', 'events')) as object,
  );
  check = (text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => {
        const value = JSON.parse(line) as { type?: unknown };
        expect([isLine(value), isLine.errors]).toEqual([true, null]);
        return value.type;
      });
});
afterEach(() => {
  project.remove();
});

test('of a build, from the plan to the delivery', () => {
  project.write('dist/large', Buffer.alloc(9_000_000, 'layerwright is building'));
  const types = check(project.run('build', '--progress', 'json', '-o', 'oci:out').stderr);
  expect(types[0]).toBe('plan-made');
  expect(types.at(-1)).toBe('delivery-finished');
  expect(types).toContain('action-progress');
});

test.each([
  ['a wrong recipe', ['build', '--progress', 'json']],
  ['wrong usage', ['buld', '--progress=json']],
])('of %s, which ends in what is wrong', (_what, args) => {
  project.write('oci.config.yaml', 'layers: [{ cpy: dist }]\n');
  const { status, stderr } = project.run(...args);
  expect(status).toBe(2);
  expect(check(stderr)).toEqual([undefined]);
  expect(JSON.parse(stderr)).toMatchObject({ diagnostics: [{ severity: 'error', exitCode: 2 }] });
});

test('of a failure after the build, with its place in the recipe', () => {
  project.write('oci.config.yaml', 'layers: [{ copy: dist }]\noutputs: ["oci:dist/server.js/out"]\n');
  const { status, stderr } = project.run('build', '--progress', 'json');
  expect(status).not.toBe(0);
  expect(check(stderr).at(-1)).toBeUndefined();
  expect(stderr).toContain('"line":2');
});
