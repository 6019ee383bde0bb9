/**
 * Rules for dependency-cruiser, made from the table in architecture.mjs. Type imports count, and each message says
 * what to do instead.
 */
import { walls } from './architecture.mjs';

const packages = [...new Set(walls.flatMap((row) => row.packages))];

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...walls.map(upwardRule),
    ...walls.filter((row) => !row.node).map(nodeRule),
    ...packages.map(ownerRule),
    {
      name: 'package-without-owner',
      severity: 'error',
      comment:
        'This package has no owner in architecture.mjs (development packages never have one). Use what is there, ' +
        'or give the package one owning folder in the table and a line in docs/decisions/0001-dependencies.md.',
      from: { path: '^src/' },
      to: { path: '(^|/)node_modules/', pathNot: packages.map(packagePath) },
    },
    {
      name: 'file-without-row',
      severity: 'error',
      comment:
        'This file stands in no row of architecture.mjs. Move it to the folder whose sentence it fits.',
      from: { path: '^src/', pathNot: walls.map(rowPath) },
      to: {},
    },
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'Two files need one another. Move what both need into a third, lower one.',
      from: { path: '^src/' },
      to: { circular: true },
    },
    {
      name: 'not-found',
      severity: 'error',
      comment:
        'This import leads nowhere. Correct the path, or add the package to package.json and to its owner.',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    // AssemblyScript, which resolves its imports in another way and has no others.
    exclude: { path: '^src/core/deflate/assembly/' },
    doNotFollow: { path: '(^|/)node_modules/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'node', 'default'],
    },
  },
};

/**
 * @param {import('./architecture.mjs').Row} row
 * @param {number} index
 */
function upwardRule(row, index) {
  const allowed = walls.slice(0, index + 1);
  return forbidden({
    name: `walls: ${row.folder}`,
    comment:
      `${row.folder} imports only itself and the rows above it in architecture.mjs. Move what is needed down to ` +
      'the lowest row that both may see, or have the caller pass it as an argument.',
    from: { path: rowPath(row) },
    to: {
      pathNot: [...allowed.map(rowPath), '(^|/)node_modules/'],
      dependencyTypesNot: ['core', 'unknown', 'undetermined'],
    },
  });
}

/** @param {import('./architecture.mjs').Row} row */
function nodeRule(row) {
  return forbidden({
    name: `no-node: ${row.folder}`,
    comment:
      `${row.folder} decides and touches nothing, so it imports no Node module. Take the bytes, the time or the ` +
      'environment as an argument, or move the effect to io/.',
    from: { path: rowPath(row) },
    to: { dependencyTypes: ['core'] },
  });
}

/** @param {string} name */
function ownerRule(name) {
  const owners = walls.filter((row) => row.packages.includes(name));
  return forbidden({
    name: `package: ${name}`,
    comment: `Only ${owners.map((row) => row.folder).join(', ')} may import ${name}. Ask for what you need there.`,
    from: { path: '^src/', pathNot: owners.map(rowPath) },
    to: { path: packagePath(name) },
  });
}

/** @param {{ name: string, comment: string, from: object, to: object }} rule */
function forbidden(rule) {
  return { severity: /** @type {const} */ ('error'), ...rule };
}

/** @param {import('./architecture.mjs').Row} row */
function rowPath(row) {
  return row.folder.endsWith('.ts') ? `^src/${row.folder.replace('.', '[.]')}$` : `^src/${row.folder}/`;
}

/** @param {string} name */
function packagePath(name) {
  const types = name.startsWith('@') ? name.slice(1).replace('/', '__') : name;
  return `(^|/)node_modules/(${name}|@types/${types})/`;
}
