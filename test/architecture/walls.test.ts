/**
 * The walls hold: dependency-cruiser, with our rules, is run over small houses with one forbidden import planted in
 * each row, and over the real house.
 */
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { cruise, type ICruiseOptions } from 'dependency-cruiser';
import { describe, expect, test } from 'vitest';
import rules from '../../.dependency-cruiser.mjs';
import { walls, type Row } from '../../architecture.mjs';

/** A kind of forbidden import: what it looks like in a row, and the rule that must refuse it there. */
interface Sin {
  readonly rows: readonly Row[];
  readonly code: (row: Row) => string;
  readonly rule: (row: Row) => string;
}

const root = resolve(import.meta.dirname, '../..');
const outside = 'test/outside.ts';

const sins: Readonly<Record<string, Sin>> = {
  'a value of a higher row': {
    rows: walls,
    code: (row) => `import { thing } from '${path(row, rowAbove(row))}';\nexport const used = thing;`,
    rule: (row) => `walls: ${row.folder}`,
  },
  'only a type of a higher row': {
    rows: walls,
    code: (row) => `import type { Thing } from '${path(row, rowAbove(row))}';\nexport type Used = Thing;`,
    rule: (row) => `walls: ${row.folder}`,
  },
  'a node: module': {
    rows: walls.filter((row) => !row.node),
    code: () => "import 'node:fs';",
    rule: (row) => `no-node: ${row.folder}`,
  },
  'only a type of a node: module': {
    rows: walls.filter((row) => !row.node),
    code: () => "import type { Stats } from 'node:fs';\nexport type Used = Stats;",
    rule: (row) => `no-node: ${row.folder}`,
  },
  'a package that another row owns': {
    rows: walls,
    code: (row) => `import '${foreignPackage(row)}';`,
    rule: (row) => `package: ${foreignPackage(row)}`,
  },
  'a development package': {
    rows: walls,
    code: () => "import 'fast-check';",
    rule: () => 'package-without-owner',
  },
};

describe.each(Object.entries(sins))('importing %s is refused', (_, sin) => {
  test('in every row of the table', async () => {
    const found = await withHouse(sin.rows, sin.code, violations);
    for (const row of sin.rows) expect(found.get(mainFile(row)), row.folder).toEqual([sin.rule(row)]);
  });
});

test('importing the row just below, by value and by type, is allowed', async () => {
  const rows = walls.slice(1);
  const below = (row: Row) => path(row, mainFile(walls[walls.indexOf(row) - 1] ?? row));
  const code = (row: Row) =>
    `import { thing } from '${below(row)}';\nimport type { Thing } from '${below(row)}';\nexport const used: Thing = thing;`;
  expect(await withHouse(rows, code, violations)).toEqual(new Map());
});

test('every row may import the packages it owns', async () => {
  const code = (row: Row) => row.packages.map((name) => `import '${name}';`).join('\n');
  expect(await withHouse(walls, code, violations)).toEqual(new Map());
});

test('two files that import one another are refused', async () => {
  const found = await withHouse(
    [],
    () => '',
    async (house) => {
      await writeSource(house, 'src/cli/chicken.ts', "import './egg.ts';");
      await writeSource(house, 'src/cli/egg.ts', "import './chicken.ts';");
      return violations(house);
    },
  );
  expect([...found.values()]).toEqual([['no-circular']]);
});

test('a file outside the table is refused', async () => {
  const found = await withHouse(
    [],
    () => '',
    async (house) => {
      await writeSource(house, 'src/utils/all.ts', "import '../cli/main.ts';");
      return violations(house);
    },
  );
  expect(found.get('src/utils/all.ts')).toEqual(['file-without-row']);
});

test('an import that leads nowhere is refused', async () => {
  const found = await withHouse(walls.slice(0, 1), () => "import './absent.ts';", violations);
  expect([...found.values()]).toEqual([['not-found']]);
});

test('every message says what to do instead', () => {
  for (const rule of rules.forbidden ?? [])
    expect(rule.comment, rule.name).toMatch(/\b(Move|Take|Ask|Use|Correct) /);
});

test('no two rows stand for one folder', () => {
  const folders = walls.map((row) => row.folder);
  expect(new Set(folders).size).toBe(folders.length);
});

test('the real house breaks no rule', async () => {
  expect(await violations(root)).toEqual(new Map());
});

test('every file of the real house stands in a row', async () => {
  const files = (await readdir(join(root, 'src'), { recursive: true })).filter((file) =>
    file.endsWith('.ts'),
  );
  const homeless = files.filter(
    (file) => !walls.some((row) => file === row.folder || file.startsWith(`${row.folder}/`)),
  );
  expect(homeless).toEqual([]);
});

/** A throw-away house in which every row has one file, and those of `rows` hold `code` besides. */
async function withHouse<T>(
  rows: readonly Row[],
  code: (row: Row) => string,
  look: (house: string) => Promise<T>,
): Promise<T> {
  const house = await mkdtemp(join(tmpdir(), 'layerwright-walls-'));
  try {
    await symlink(join(root, 'node_modules'), join(house, 'node_modules'));
    await writeSource(house, 'tsconfig.json', '{ "compilerOptions": { "module": "nodenext" } }');
    await writeSource(house, outside, thing);
    for (const row of walls)
      await writeSource(house, mainFile(row), rows.includes(row) ? `${code(row)}\n${thing}` : thing);
    return await look(house);
  } finally {
    await rm(house, { recursive: true, force: true });
  }
}

const thing = 'export type Thing = 1;\nexport const thing = 1;';

async function writeSource(house: string, file: string, text: string): Promise<void> {
  await mkdir(dirname(join(house, file)), { recursive: true });
  await writeFile(join(house, file), text);
}

/** File → names of the rules that it breaks, as dependency-cruiser finds them in the house at `baseDir`. */
async function violations(baseDir: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { forbidden, options } = rules;
  const { tsConfig: _, ...rest } = options ?? {};
  const settings: ICruiseOptions = {
    ...rest,
    ruleSet: { forbidden: forbidden ?? [] },
    baseDir,
    validate: true,
  };
  const { output } = await cruise(['src'], settings);
  if (typeof output === 'string') throw new Error(`dependency-cruiser answered with text: ${output}`);
  const found = new Map<string, readonly string[]>();
  for (const { from, rule } of output.summary.violations)
    found.set(from, [...(found.get(from) ?? []), rule.name]);
  return found;
}

/** A file that `row` may not see: the next row's, or for the highest row one outside src/. */
function rowAbove(row: Row): string {
  const above = walls[walls.indexOf(row) + 1];
  return above === undefined ? outside : mainFile(above);
}

function foreignPackage(row: Row): string {
  return row.packages.includes('undici') ? 'commander' : 'undici';
}

function mainFile(row: Row): string {
  return row.folder.endsWith('.ts') ? `src/${row.folder}` : `src/${row.folder}/main.ts`;
}

function path(row: Row, file: string): string {
  const way = relative(dirname(mainFile(row)), file);
  return way.startsWith('.') ? way : `./${way}`;
}
