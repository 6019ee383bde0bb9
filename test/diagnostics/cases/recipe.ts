/** A recipe with each mistake. */
import { Bug } from '../../../src/core/diagnostic/bug.ts';
import type { DiagnosticCode } from '../../../src/core/diagnostic/catalogue.ts';
import { decodeText } from '../../../src/core/recipe/decode-text.ts';
import { expandRecipe } from '../../../src/core/recipe/expand-recipe.ts';
import { parseRecipe } from '../../../src/core/recipe/parse-recipe.ts';
import type { DiagnosticCase, Made } from '../diagnostic-case.ts';

const name = 'oci.config.yaml';

function recipe(code: DiagnosticCode, ...lines: readonly string[]): DiagnosticCase {
  return { code, make: () => parsed(`${lines.join('\n')}\n`) };
}

export function parsed(text: string): Made {
  const source = { name, text };
  const outcome = parseRecipe(source);
  return { diagnostics: outcome.ok ? outcome.warnings : outcome.diagnostics, source };
}

function expanded(text: string, args: Readonly<Record<string, string>> = {}): Made {
  const source = { name, text };
  const outcome = parseRecipe(source);
  if (!outcome.ok) throw new Bug('the recipe of this case has a mistake before its own');
  const targets = expandRecipe(outcome.value, { args, env: {} });
  return { diagnostics: targets.ok ? targets.warnings : targets.diagnostics, source };
}

function bytes(values: readonly number[]): Made {
  const decoded = decodeText(name, Uint8Array.from(values));
  return { diagnostics: decoded.ok ? [] : decoded.diagnostics };
}

const bomb = ['x-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]'];
for (let level = 1; level < 9; level += 1) {
  bomb.push(
    `x-${level}: &a${level} [${Array<string>(10)
      .fill(`*a${level - 1}`)
      .join(', ')}]`,
  );
}

export const recipeCases: readonly DiagnosticCase[] = [
  { code: 'recipe/encoding', make: () => bytes([0x66, 0x72, 0x6f, 0x6d, 0x3a, 0x20, 0xff, 0x0a]) },
  recipe('recipe/control-character', 'from: scratch', 'cmd: ["\u001b[31m"]'),
  recipe('recipe/too-large', `from: ${'x'.repeat(1024 * 1024)}`),
  recipe('recipe/too-deep', `layers: ${'['.repeat(100_000)}`),
  recipe('recipe/too-many-aliases', ...bomb),
  recipe('recipe/unknown-alias', 'env: *defaults'),
  recipe('recipe/syntax', 'layers:', '\t- copy: dist'),
  recipe('recipe/directive', '%YAML 1.1', '---', 'from: scratch'),
  recipe('recipe/custom-tag', 'from: !!js/function "() => 1"'),
  recipe('recipe/empty', '# nothing yet'),
  recipe('recipe/duplicate-key', 'from: scratch', 'workdir: /app', 'from: node:22-slim'),
  recipe('recipe/merge-key', 'x-env: &env { A: b }', 'env: { <<: *env }'),
  recipe('recipe/bad-key', 'labels:', '  __proto__: x'),
  recipe('recipe/unknown-key', 'from: scratch', '', 'platfroms: [linux/amd64, linux/arm64]'),
  recipe('recipe/misplaced-key', 'layers:', '  - file: /etc/motd', '    content: hi', '    strip: 1'),
  recipe('recipe/missing-key', 'layers:', '  - link: /bin/x'),
  recipe('recipe/wrong-type', 'workdir: 5', 'env: [A=b]', 'tags: latest'),
  recipe('recipe/bad-value', 'compression: { type: gzip, level: 12 }'),
  recipe(
    'recipe/zstd-for-docker',
    'compression: zstd',
    'layers: [{ copy: dist }]',
    'outputs: ["docker-archive:api.tar"]',
  ),
  recipe('recipe/mode-not-text', 'layers:', '  - copy: dist', '    mode: 0755'),
  recipe('recipe/command-not-list', 'cmd: node server.js "a b"'),
  recipe('recipe/no-layer-kind', 'layers:', '  - to: /app'),
  recipe('recipe/several-layer-kinds', 'layers:', '  - copy: dist', '    archive: dist.tar'),
  recipe('recipe/bad-name', 'images:', '  my api: {}'),
  recipe('recipe/bad-reference', 'from: Node:22'),
  recipe('recipe/bad-url', 'layers:', '  - fetch: https://alice:secret@example.com/tool', '    to: bin/tool'),
  recipe('recipe/bad-tag', 'tags: [release 1]'),
  recipe('recipe/bad-platform', 'platforms: [arm64, linux/arm64, linux/arm64/v8]'),
  recipe('recipe/bad-port', 'ports: [8080:80, 70000]'),
  recipe('recipe/bad-signal', 'stopSignal: TERM'),
  recipe('recipe/bad-duration', 'healthcheck: { test: [CMD, check], interval: 30 seconds }'),
  recipe('recipe/bad-time', 'created: yesterday'),
  recipe('recipe/bad-owner', 'user: 1000:99999999999'),
  recipe('recipe/bad-xattr', 'layers:', '  - copy: dist', '    xattrs: { user.mark: 0xabc }'),
  recipe('recipe/bad-size', 'runtime: { memory: lots }'),
  recipe('recipe/path-outside-image', 'layers:', '  - copy: dist', '    to: ../../etc'),
  recipe('recipe/reserved-path', 'layers:', '  - file: /proc/x', '    content: hi'),
  recipe('recipe/outside-context', 'layers:', '  - copy: ../secret'),
  recipe('recipe/unknown-image', 'images:', '  base: {}', '  api: { from: image:bsae }'),
  recipe(
    'recipe/cycle',
    'images:',
    '  a: { from: image:b }',
    '  b: { from: image:c }',
    '  c: { from: image:a }',
  ),
  recipe('recipe/colliding-outputs', 'outputs: [oci:out]', 'images:', '  api: {}', '  web: {}'),
  {
    code: 'recipe/same-reference',
    make: () => expanded('image: ghcr.io/acme/api\nimages:\n  api: {}\n  web: {}\n'),
  },
  recipe(
    'recipe/bad-substitution',
    'tags: ["${{ arg.VERSION }}", "${{ args.VERSION"]',
    'args: { VERSION: {} }',
  ),
  recipe('recipe/undeclared-argument', 'args: { VERSION: { default: "1" } }', 'tags: ["${{ args.VERSON }}"]'),
  recipe('recipe/substitution-here', 'platforms: ["linux/${{ args.ARCH }}"]', 'args: { ARCH: {} }'),
  {
    code: 'recipe/missing-argument',
    make: () => expanded('args:\n  VERSION: { env: APP_VERSION }\ntags: ["${{ args.VERSION }}"]\n'),
  },
];
