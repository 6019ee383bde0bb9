/** What a watch says of a rebuild that other packages made necessary: their names and versions, as `explain` tells them. */
import { expect, test } from 'vitest';
import { projectOf, type PublishedPackage, startNpmRegistry } from '../rigs/npm-registry.ts';
import { makeProject } from '../rigs/project.ts';
import { startWatchCommand } from '../rigs/watch-command.ts';

const express: PublishedPackage = { name: 'express', version: '4.21.0', files: { 'index.js': 'old\n' } };
const before = [express, { name: 'depd', version: '2.0.0' }];
const after = [
  { ...express, version: '4.21.1', files: { 'index.js': 'new\n', 'lib/router.js': 'route\n' } },
  { name: 'depd', version: '2.0.0' },
  { name: 'ms', version: '2.1.3' },
];

test('a watch names the npm packages that changed, not their files', async () => {
  const registry = await startNpmRegistry([...before, ...after]);
  const project = makeProject(
    'image: example.com/app\nworkdir: /app\nlayers:\n  - npm: .\n',
    projectOf(before),
  );
  project.write('.npmrc', `registry=${registry.origin}/\n`);
  const watch = startWatchCommand([], project.options);
  try {
    await watch.result();
    await watch.said(/^watching/);
    for (const [name, text] of Object.entries(projectOf(after))) project.write(name, text);
    expect(await watch.said(/→ sha256:/)).toContain(
      '  1 package changed: express 4.21.0 → 4.21.1; 1 package added: ms 2.1.3; 1 file changed: package.json → npm  ',
    );
    for (const [name, text] of Object.entries(projectOf(before))) project.write(name, text);
    expect(await watch.said(/→ sha256:/)).toContain(
      '  1 package changed: express 4.21.1 → 4.21.0; 1 package removed: ms 2.1.3; 1 file changed: package.json → npm  ',
    );
  } finally {
    await watch.stop('SIGKILL');
    project.remove();
    await registry.stop();
  }
});
