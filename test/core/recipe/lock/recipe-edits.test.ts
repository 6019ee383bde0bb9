/** What editing a recipe does to its lock: nothing, where no entry depends on what was edited. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandRecipe } from '../../../../src/core/recipe/expand-recipe.ts';
import { missingRequests } from '../../../../src/core/recipe/lock/check-lock.ts';
import { reportStale, withoutStale } from '../../../../src/core/recipe/lock/stale-entries.ts';
import { formatLock } from '../../../../src/core/recipe/lock/format-lock.ts';
import { isImagePin, pinRequests } from '../../../../src/core/recipe/lock/pin-request.ts';
import { platformKey } from '../../../../src/core/recipe/lock/platform-key.ts';
import { parseRecipe } from '../../../../src/core/recipe/parse-recipe.ts';
import { lock, node, parsed } from './sample-lock.ts';

const full = {
  image: 'ghcr.io/acme/api',
  from: 'node:22-slim',
  platforms: ['linux/amd64', 'linux/arm64'],
  layers: [
    { copy: 'dist' },
    { image: 'ghcr.io/acme/tools:2', from: '/bin/tool', platforms: ['linux/amd64'] },
  ] as readonly object[],
};

/** What a lock lacks for a recipe, what is stale in it, and what is left of it. */
function held(recipe: object, args: Readonly<Record<string, string>> = {}) {
  const outcome = parseRecipe({ name: 'oci.config.yaml', text: JSON.stringify(recipe) });
  if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
  const targets = expandRecipe(outcome.value, { args, env: {} });
  if (!targets.ok) throw new Error(targets.diagnostics.map(({ message }) => message).join('\n'));
  const whole = pinRequests(targets.value);
  const missing = missingRequests(lock, { asked: whole, whole });
  return {
    missing: missing.filter(isImagePin).map(({ text, platform }) => `${text} ${platformKey(platform)}`),
    stale: reportStale(outcome.value, parsed(formatLock(lock)), whole).map(({ message }) => message),
    kept: withoutStale(lock, outcome.value, whole),
  };
}

const unrelated: Readonly<Record<string, unknown>> = {
  image: 'ghcr.io/acme/other',
  tags: ['1', 'latest'],
  env: { NODE_ENV: 'production' },
  user: '1000:1000',
  workdir: '/app',
  cmd: ['node', 'x.js'],
  entrypoint: ['tini', '--'],
  ports: [8080],
  volumes: ['/data'],
  labels: { a: 'b' },
  annotations: { c: 'd' },
  stopSignal: 'SIGINT',
  created: 'commit',
  compression: 'zstd',
  outputs: ['oci:out'],
  runtime: { hostname: 'h' },
  healthcheck: { disable: true },
  from: 'docker.io/library/node:22-slim',
  layers: [{ dir: '/srv' }, ...full.layers, { remove: '/x' }],
  platforms: ['linux/arm64', 'linux/amd64'],
};

const both = (reference: string) => ['linux/amd64', 'linux/arm64'].map((one) => `${reference} ${one}`);

describe('editing a recipe', () => {
  it('whose lock fits leaves nothing to say', () => {
    expect(held(full)).toEqual({ missing: [], stale: [], kept: lock });
  });

  it('in what no entry depends on never unsettles one', () => {
    fc.assert(
      fc.property(fc.subarray(Object.keys(unrelated)), (keys) => {
        const edits = Object.fromEntries(keys.map((key) => [key, unrelated[key]]));
        expect(held({ ...full, ...edits })).toEqual({ missing: [], stale: [], kept: lock });
      }),
    );
  });

  it.each([
    { what: 'another tag', edit: { from: 'node:20' }, missing: both('docker.io/library/node:20'), stale: 1 },
    { what: 'no tag', edit: { from: 'node' }, missing: both('docker.io/library/node:latest'), stale: 1 },
    {
      what: 'one platform more',
      edit: { platforms: ['linux/amd64', 'linux/arm64', 'linux/s390x'] },
      missing: [`${node} linux/s390x`],
      stale: 0,
    },
    { what: 'one platform less', edit: { platforms: ['linux/amd64'] }, missing: [], stale: 1 },
    { what: 'no image layer', edit: { layers: [{ copy: 'dist' }] }, missing: [], stale: 1 },
    { what: 'a layout as base', edit: { from: 'oci:base' }, missing: [], stale: 1 },
  ])('to $what says so', ({ edit, missing, stale }) => {
    const found = held({ ...full, ...edit });
    expect(found.missing).toEqual(missing);
    expect(found.stale).toHaveLength(stale);
  });

  it('to a reference made of arguments keeps the entries of their other values', () => {
    const recipe = { ...full, args: { V: { default: '20' } }, from: 'node:${{ args.V }}-slim' };
    expect(held(recipe).stale).toEqual([]);
    expect(held(recipe).missing).toHaveLength(2);
    expect(held(recipe, { V: '22' })).toEqual({ missing: [], stale: [], kept: lock });
    expect(held({ ...recipe, from: 'node:${{ args.V }}-alpine' }).stale).toHaveLength(1);
  });
});
