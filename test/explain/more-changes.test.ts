/** Changes beyond the twenty: of the recipe's layers, of their rules, and several at once. */
import { expect, test } from 'vitest';
import { runInProcess } from '../rigs/command-in-process.ts';
import { startServe } from '../rigs/served-registry.ts';
import { explainAround } from './explain-around.ts';
import { baseRecipe, type Change, openScene, recipe, replacing, type Scene } from './explain-scene.ts';

const settings = `  - name: settings
    file: /etc/api.conf
    content: "port=8080"
`;
const dist = `  - copy: dist
    to: dist
`;

const more: readonly Change[] = [
  {
    name: 'many-files',
    act: ({ project }) => {
      for (let file = 1; file <= 17; file += 1)
        project.write(`dist/part-${String(file)}.js`, `part(${String(file)})`);
    },
  },
  { name: 'layers-reordered', act: replacing(dist + settings, settings + dist) },
  { name: 'layer-added', act: replacing(settings, `${settings}  - dir: /data\n    mode: "0700"\n`) },
  { name: 'layer-removed', act: replacing(settings, '') },
  {
    name: 'layer-named',
    act: replacing('  - copy: dist\n', '  - name: code\n    copy: dist\n'),
    nothing: true,
  },
  {
    name: 'rules',
    act: replacing(dist, '  - copy: dist\n    to: srv/\n    owner: "10001:10001"\n    mode: "0640"\n'),
  },
  { name: 'exclude', act: replacing('    to: dist\n', '    to: dist\n    exclude: ["**/*.map"]\n') },
  {
    name: 'links-and-removals',
    act: replacing(
      settings,
      `  - name: settings\n    group:\n      - link: /etc/api.conf\n        target: /run/api.conf\n      - remove: /etc/release\n`,
    ),
  },
  {
    name: 'annotations',
    act: replacing('labels:', 'annotations: { org.opencontainers.image.title: api }\nlabels:'),
  },
  { name: 'base-replaced', act: replacing('from: oci:base', 'from: scratch') },
  { name: 'mtime-epoch', act: () => undefined, env: { SOURCE_DATE_EPOCH: '1700000000' } },
  {
    name: 'several-at-once',
    act: (scene) => {
      scene.project.write('dist/server.js', 'serve(3)\n');
      scene.project.write('.dockerignore', 'dist/*.map\n');
      scene.writeRecipe((text) => text.replace('production', 'test'));
    },
  },
];

test.each(more)('explain names the cause: $name', async (change) => {
  const scene = await openScene(
    change.name === 'mtime-epoch' ? recipe.replace('to: dist', 'to: dist\n    mtime: epoch') : recipe,
  );
  try {
    await expect(await explainAround(change, scene)).toMatchFileSnapshot(`golden/more/${change.name}.txt`);
  } finally {
    scene.project.remove();
  }
});

test('explain names the entry of the lock that was updated', async () => {
  const registry = await startServe();
  const base = `${registry.host}/acme/base:22`;
  const scene = await openScene(recipe.replace('oci:base', base));
  try {
    await pushBase(scene, base, '12');
    const act = async (): Promise<void> => {
      await pushBase(scene, base, '13');
      await scene.succeed(['update']);
    };
    const text = await explainAround({ name: 'lock-updated', act }, scene);
    await expect(text.replaceAll(registry.host, 'REGISTRY')).toMatchFileSnapshot('golden/lock-updated.txt');
  } finally {
    scene.project.remove();
    await registry.stop();
  }
});

async function pushBase({ project }: Scene, base: string, content: string): Promise<void> {
  project.write('pushed.yaml', baseRecipe(content));
  const run = await runInProcess(['build', '-q', '-f', 'pushed.yaml', '-t', base, '--push'], project.options);
  expect(run.stderr).toBe('');
}
