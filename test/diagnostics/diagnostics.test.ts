import { describe, expect, it } from 'vitest';
import { catalogue } from '../../src/core/diagnostic/catalogue.ts';
import { formatDiagnostics } from '../../src/core/diagnostic/format-diagnostic.ts';
import { bundleCases } from './cases/bundle.ts';
import { cacheCases } from './cases/cache.ts';
import { commandCases } from './cases/command.ts';
import { debCases } from './cases/deb.ts';
import { downloadCases } from './cases/download.ts';
import { initCases } from './cases/init.ts';
import { layerCases } from './cases/layer.ts';
import { lintCases } from './cases/lint.ts';
import { lockCases } from './cases/lock.ts';
import { npmCases } from './cases/npm.ts';
import { planCases } from './cases/plan.ts';
import { parsed, recipeCases } from './cases/recipe.ts';
import { registryCases } from './cases/registry.ts';
import { serveCases } from './cases/serve.ts';
import { sourceCases } from './cases/source.ts';
import { storeCases } from './cases/store.ts';
import { transportCases } from './cases/transport.ts';
import { verifyCases } from './cases/verify.ts';
import { watchCases } from './cases/watch.ts';
import { printCase } from './diagnostic-case.ts';

const areas = {
  recipe: recipeCases,
  lock: lockCases,
  npm: npmCases,
  plan: planCases,
  source: sourceCases,
  deb: debCases,
  layer: layerCases,
  store: storeCases,
  registry: registryCases,
  download: downloadCases,
  transport: transportCases,
  bundle: bundleCases,
  cache: cacheCases,
  serve: serveCases,
  verify: verifyCases,
  init: initCases,
  lint: lintCases,
  watch: watchCases,
  command: commandCases,
};

const codes = Object.keys(catalogue);

describe.each(Object.entries(areas))('diagnostics of %s', (area, cases) => {
  it('have a case for each code', () => {
    const wanted = codes.filter((code) => code.startsWith(`${area}/`));
    expect(new Set<string>(cases.map(({ code }) => code))).toEqual(new Set(wanted));
    expect(cases).toHaveLength(wanted.length);
  });

  it.each(cases.map((one) => [one.code, one] as const))(
    '%s is printed as its golden text',
    async (code, one) => {
      const text = await printCase(one);
      expect(text).toContain(`[${code}]`);
      await expect(text).toMatchFileSnapshot(`golden/${code}.txt`);
    },
  );
});

it('every area of the catalogue has its cases', () => {
  expect(new Set(codes.map((code) => code.split('/')[0]))).toEqual(new Set(Object.keys(areas)));
});

describe('a recipe with ten kinds of mistake', () => {
  const { diagnostics, source } = parsed(`image: ghcr.io/Acme/api
platfroms: [linux/amd64]
tags: ["\${{ args.VERSON }}"]
args: { VERSION: { default: 1.0.0 } }
ports: [80800]
cmd: node server.js
workdir: /app
layers:
  - copy: ../secrets
  - copy: dist
    mode: 0755
  - file: /proc/self
    content: hi
  - { fetch: 'ftp://example.com/a', to: /a }
workdir: /srv
images:
  a: { from: image:b }
  b: { from: image:a }
`);

  it('prints each of them with its place', async () => {
    expect(new Set(diagnostics.map(({ code }) => code)).size).toBeGreaterThanOrEqual(10);
    expect(diagnostics.every(({ place }) => place !== undefined)).toBe(true);
    await expect(`${formatDiagnostics(diagnostics, source)}\n`).toMatchFileSnapshot(
      'golden/ten-mistakes.txt',
    );
  });
});
