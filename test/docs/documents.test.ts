/** What the documents say is so: commands are scripts, links and paths lead somewhere, copies are equal. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { walls } from '../../architecture.mjs';
import { defaultTarLimits } from '../../src/core/tar/tar-limits.ts';
import {
  documentNames,
  headingAnchors,
  readDocument as read,
  repository as root,
} from '../rigs/documents.ts';

const manifest = JSON.parse(await read('package.json')) as {
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const documents = await documentNames();

describe.each(documents)('%s', (document) => {
  test('every npm script that it names is there', async () => {
    const named = [...(await read(document)).matchAll(/npm run ([\w:]+)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => manifest.scripts[name] === undefined)).toEqual([]);
  });

  test('every link inside the repository leads to a file', async () => {
    const links = [...(await read(document)).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
      (match) => match[1] ?? '',
    );
    expect(links.filter((link) => !existsSync(join(root, dirname(document), link)))).toEqual([]);
  });

  test('every link to a heading leads to one', async () => {
    const text = await read(document);
    const lost: string[] = [];
    for (const match of text.matchAll(/\]\((?!https?:)(?<file>[^)#]*)#(?<anchor>[^)]+)\)/g)) {
      const { file = '', anchor = '' } = match.groups ?? {};
      const target = file === '' ? text : await read(join(dirname(document), file));
      if (!headingAnchors(target).has(anchor)) lost.push(`${file}#${anchor}`);
    }
    expect(lost).toEqual([]);
  });

  test('every path of the repository that it names is there', async () => {
    const paths = [
      ...(await read(document)).matchAll(/`((?:src|test|examples|scripts|bench|docs|\.ci)\/[\w./-]+)`/g),
    ];
    const isThere = (path: string) =>
      [root, join(root, dirname(document))].some((from) => existsSync(join(from, path)));
    expect(paths.map((match) => match[1] ?? '').filter((path) => !isThere(path))).toEqual([]);
  });
});

test('CONTRIBUTING names every script', async () => {
  const text = await read('CONTRIBUTING.md');
  const spoken = (name: string) => text.includes(name === 'test' ? '`npm test`' : `\`npm run ${name}\``);
  expect(Object.keys(manifest.scripts).filter((name) => !spoken(name))).toEqual([]);
});

test('docs/README.md leads to every page', async () => {
  const index = await read('docs/README.md');
  const pages = (await readdir(join(root, 'docs'))).filter(
    (name) => name.endsWith('.md') && name !== 'README.md',
  );
  expect(pages.filter((page) => !index.includes(`](${page})`))).toEqual([]);
});

test('docs/architecture.md shows the table of architecture.mjs', async () => {
  const table = rowsUnder(await read('docs/architecture.md'), 'The walls');
  expect(table).toEqual(
    walls.map((row) => [
      `\`${row.folder}\``,
      row.what,
      row.node ? 'yes' : 'no',
      row.packages.length === 0 ? '–' : row.packages.join(', '),
    ]),
  );
});

test.each([
  ['At run time', manifest.dependencies],
  ['At run time, where it installs', manifest.optionalDependencies],
  ['In development', manifest.devDependencies],
])('docs/decisions/0001-dependencies.md has a line for each package: %s', async (heading, packages) => {
  const rows = rowsUnder(await read('docs/decisions/0001-dependencies.md'), heading);
  expect(rows.map(([name]) => name)).toEqual(Object.keys(packages).map((name) => `\`${name}\``));
  for (const [name, why] of rows) expect(why, name).not.toBe('');
});

test('decisions are numbered without gaps', async () => {
  const files = (await readdir(join(root, 'docs/decisions'))).sort();
  expect(files.map((file) => Number(file.slice(0, 4)))).toEqual(files.map((_, index) => index));
});

/** The rows of the first table below a heading, without the table's own head, each as its cells. */
function rowsUnder(text: string, heading: string): readonly (readonly string[])[] {
  const section = text.split(/^#+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

test('docs/security.md shows the limits of tars as they are', async () => {
  const text = await read('docs/security.md');
  const shown = Object.keys(defaultTarLimits).map((name) => [
    name,
    new RegExp(`\`${name}\` +\\| ([^|]+?) *\\|`).exec(text)?.[1],
  ]);
  const unit = (value: number): string =>
    value % 2 ** 30 === 0
      ? `${String(value / 2 ** 30)} GiB`
      : value % 2 ** 20 === 0
        ? `${String(value / 2 ** 20)} MiB`
        : String(value);
  expect(shown).toEqual(
    Object.entries(defaultTarLimits).map(([name, value]) => [name, unit(value as number)]),
  );
});
