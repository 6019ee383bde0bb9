/** The recipes of docs/from-jib.md and docs/from-apko.md, built on `scratch` in place of their bases. */
import { afterEach, describe, expect, test } from 'vitest';
import { codeBlocks, readDocument } from '../rigs/documents.ts';
import { makeProject, type Project } from '../rigs/project.ts';

let project: Project | undefined;
afterEach(() => {
  project?.remove();
  project = undefined;
});

async function projectOf(document: string, files: Readonly<Record<string, string>>): Promise<Project> {
  const recipe =
    codeBlocks(await readDocument(document)).find(({ language }) => language === 'yaml')?.text ?? '';
  expect(recipe).toContain('from: ');
  project = makeProject(recipe.replace(/^from: .*$/m, 'from: scratch'), files);
  return project;
}

/** Paths of the layers' files, lowest layer first. */
function layersOf({ succeed }: Project): readonly (readonly string[])[] {
  succeed('build', '-o', 'oci:out');
  const layers = JSON.parse(succeed('ls', '--layers', '--json', 'oci:out')) as {
    entries: { type: string; path: string }[];
  }[];
  return layers.map(({ entries }) => entries.filter(({ type }) => type === 'file').map(({ path }) => path));
}

const java = {
  'target/dependency/guava-33.jar': 'a',
  'target/dependency/own-1-SNAPSHOT.jar': 'b',
  'target/classes/application.yml': 'c',
  'target/classes/com/example/Main.class': 'd',
};

describe("jib's layout", () => {
  test('has a layer each for dependencies, snapshots, resources and classes', async () => {
    expect(layersOf(await projectOf('docs/from-jib.md', java))).toEqual([
      ['app/libs/guava-33.jar'],
      ['app/libs/own-1-SNAPSHOT.jar'],
      ['app/resources/application.yml'],
      ['app/classes/com/example/Main.class'],
    ]);
  });

  test('without snapshots is an error at the line that asks for them, as the page says', async () => {
    const { 'target/dependency/own-1-SNAPSHOT.jar': _, ...files } = java;
    const { status, stderr } = (await projectOf('docs/from-jib.md', files)).run('build');
    expect([status, stderr]).toEqual([2, expect.stringContaining('source/nothing-matched')]);
  });
});

test('an application stands on a base by apko', async () => {
  expect(layersOf(await projectOf('docs/from-apko.md', { 'dist/server': 'x' }))).toEqual([['srv/server']]);
});
