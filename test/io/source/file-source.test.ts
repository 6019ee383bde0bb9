import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { checkTree } from '../../../src/core/tree/check-tree.ts';
import { copy, copyRequest, createContext, temporaryFolder } from './sample-context.ts';

/** Root may read all, so a test as root becomes somebody else meanwhile. */
async function asOrdinaryUser<T>(act: () => Promise<T>): Promise<T> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return await act();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe('a copy of accounts files', () => {
  it('keeps their text, below etc or by themselves', async () => {
    const context = createContext({ 'root/etc/passwd': 'a:x:1:2::/:', 'root/etc/group': 'b:x:3:' });
    const folder = await copy(context, copyRequest('root'));
    expect(folder.tree).toMatchObject({ passwd: 'a:x:1:2::/:', group: 'b:x:3:' });
    const single = await copy(context, copyRequest('root/etc/passwd'));
    expect(single.tree).toMatchObject({ passwd: 'a:x:1:2::/:' });
    const other = await copy(context, copyRequest('root/etc'));
    expect(other.tree?.passwd).toBeUndefined();
  });
});

describe('a copy of a folder', () => {
  it("has git's modes, owner 0:0 and mtime 0, whatever the disk says", async () => {
    const context = createContext({
      'dist/a.js': { mode: 0o600, text: 'a' },
      'dist/bin/run': { mode: 0o711, text: '#!' },
    });
    chmodSync(join(context, 'dist/bin'), 0o700);
    utimesSync(join(context, 'dist/a.js'), 5, 5);
    const { tree } = await copy(context, copyRequest('dist'));
    const plain = { uid: 0, gid: 0, mtime: { seconds: 0 } };
    expect(tree?.tree.entries).toEqual([
      { type: 'file', path: 'a.js', mode: 0o644, size: 1, digest: digestOf(Buffer.from('a')), ...plain },
      { type: 'directory', path: 'bin', mode: 0o755, ...plain },
      { type: 'file', path: 'bin/run', mode: 0o755, size: 2, digest: digestOf(Buffer.from('#!')), ...plain },
    ]);
    expect(tree?.contents).toEqual({
      'a.js': { in: 'context', path: 'dist/a.js' },
      'bin/run': { in: 'context', path: 'dist/bin/run' },
    });
  });

  it('is one tree in any order of names, from hardlinks or copies', async () => {
    const names = Array.from(
      { length: 60 },
      (_, index) => [`d${String(index % 7)}/f${String(index)}`, 'x'] as const,
    );
    const context = createContext({
      'a-b': '1',
      'a/b': '2',
      'a/.c': '3',
      A: '4',
      ...Object.fromEntries(names),
    });
    const { tree, paths } = await copy(context, copyRequest('.'));
    const shuffled = await copy(context, copyRequest('.'), {
      shuffle: (list) => list.sort(() => Math.random() - 0.5),
    });
    expect(shuffled.tree).toEqual(tree);
    expect(paths.slice(0, 5)).toEqual(['A', 'a', 'a-b', 'a/.c', 'a/b']);
    if (tree !== undefined) checkTree(tree.tree);
    const linked = createContext({ x: 'same' });
    linkSync(join(linked, 'x'), join(linked, 'y'));
    expect((await copy(linked, copyRequest('.'))).tree?.digest).toBe(
      (await copy(createContext({ x: 'same', y: 'same' }), copyRequest('.'))).tree?.digest,
    );
  });

  it('keeps links word for word and follows none', async () => {
    const context = createContext({
      'd/out': { link: '../../../etc/passwd' },
      'd/dev': { link: '/dev/stdout' },
      'd/loop': { link: 'loop' },
      'd/up': { link: '..' },
    });
    const { tree } = await copy(context, copyRequest('d'));
    const targets = tree?.tree.entries.map((entry) =>
      entry.type === 'symlink' ? [entry.path, entry.target] : [],
    );
    expect(targets).toEqual([
      ['dev', '/dev/stdout'],
      ['loop', 'loop'],
      ['out', '../../../etc/passwd'],
      ['up', '..'],
    ]);
  });

  it('refuses an absolute link into the context', async () => {
    const context = createContext({ 'd/file': 'x' });
    symlinkSync(join(context, 'd/file'), join(context, 'd/link'));
    const { codes, found } = await copy(context, copyRequest('d'));
    expect(codes).toEqual(['source/absolute-link']);
    expect(found[0]?.message).toContain('`d/link`');
  });

  it('names every special file at once, and does not hang (H56)', async () => {
    const context = createContext({ 'd/ok': 'x', 'd/sub/ok': 'y' });
    execFileSync('mkfifo', [join(context, 'd/pipe'), join(context, 'd/sub/pipe2')]);
    const server = createServer().listen(join(context, 'd/socket'));
    await once(server, 'listening');
    const { found } = await copy(context, copyRequest('d'));
    server.close();
    expect(found.map(({ code, message }) => [code, message])).toEqual([
      ['source/special-file', '`d/pipe` is a FIFO, which cannot be copied'],
      ['source/special-file', '`d/socket` is a socket, which cannot be copied'],
      ['source/special-file', '`d/sub/pipe2` is a FIFO, which cannot be copied'],
    ]);
    expect(
      (await copy(context, copyRequest('d', { exclude: ['pipe', 'socket', 'sub/pipe2'] }))).codes,
    ).toEqual([]);
  });

  it('takes a FIFO as source for what it is', async () => {
    const context = temporaryFolder();
    execFileSync('mkfifo', [join(context, 'pipe')]);
    expect((await copy(context, copyRequest('pipe'))).codes).toEqual(['source/special-file']);
  });

  it('names every unreadable file and folder at once', async () => {
    const context = createContext({
      'd/a': { mode: 0, text: 'x' },
      'd/b': { mode: 0, text: 'x' },
      'd/c/d': 'y',
    });
    chmodSync(join(context, 'd/c'), 0);
    chmodSync(context, 0o755);
    const { codes, found } = await asOrdinaryUser(() => copy(context, copyRequest('d')));
    chmodSync(join(context, 'd/c'), 0o755);
    expect(codes).toEqual(['source/unreadable', 'source/unreadable', 'source/unreadable']);
    expect(found.map(({ message }) => message).join()).toContain('EACCES: permission denied');
  });

  it('keeps names of any bytes apart (H28, H58)', async () => {
    const context = temporaryFolder();
    for (const bytes of [[0xff], [0xfe], [0x0a, 0x1b], [0xc3, 0xa9], [0x63, 0xef, 0xbf, 0xbd]]) {
      writeFileSync(Buffer.concat([Buffer.from(`${context}/`), Buffer.from(bytes)]), 'x');
    }
    mkdirSync(Buffer.concat([Buffer.from(`${context}/d`), Buffer.from([0xe9])]));
    writeFileSync(Buffer.concat([Buffer.from(`${context}/d`), Buffer.from([0xe9, 0x2f, 0x66])]), 'y');
    symlinkSync(Buffer.from([0xff]), `${context}/link`);
    const { tree, paths, codes } = await copy(context, copyRequest('.'));
    expect(codes).toEqual([]);
    expect(paths).toEqual(['\n\x1b', 'c\ufffd', 'd\udce9', 'd\udce9/f', 'link', 'é', '\udcfe', '\udcff']);
    expect(tree?.tree.entries.find((entry) => entry.type === 'symlink')).toMatchObject({ target: '\udcff' });
    expect((await copy(context, copyRequest('.', { exclude: ['d*', 'link'] }))).paths).not.toContain(
      'd\udce9/f',
    );
  });

  it('refuses a file that does not come to rest (H57)', async () => {
    const context = createContext({ 'd/log': '' });
    const log = join(context, 'd/log');
    truncateSync(log, 200_000_000);
    const writer = spawn('sh', ['-c', 'echo; while :; do echo line >> "$0"; done', log], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await once(writer.stdout.resume(), 'data');
    try {
      const { codes, found } = await copy(context, copyRequest('d'));
      expect(codes).toEqual(['source/changed']);
      expect(found[0]?.message).toContain('d/log');
    } finally {
      writer.kill('SIGKILL');
      await once(writer, 'exit');
    }
  });

  it('is empty for an empty folder', async () => {
    const { tree, codes } = await copy(createContext({ 'd/': '' }), copyRequest('d'));
    expect([tree?.tree.entries, tree?.single, codes]).toEqual([[], false, []]);
  });

  it('reads 10,000 files, and a folder 300 levels deep', async () => {
    const context = temporaryFolder();
    for (let folder = 0; folder < 100; folder += 1) {
      mkdirSync(join(context, `d${String(folder)}`));
      for (let at = 0; at < 100; at += 1)
        writeFileSync(join(context, `d${String(folder)}/f${String(at)}`), String(at));
    }
    const deep = Array.from({ length: 300 }, () => 'deep').join('/');
    mkdirSync(join(context, deep), { recursive: true });
    writeFileSync(join(context, deep, 'end'), 'x');
    const { tree, paths } = await copy(context, copyRequest('.'));
    expect(paths.length).toBe(10_000 + 100 + 301);
    if (tree !== undefined) checkTree(tree.tree);
  });
});

describe('a copy of a file', () => {
  it('is one entry that bears its name', async () => {
    const context = createContext({ 'dist/server.js': 'x' });
    const { tree, paths } = await copy(context, copyRequest('./dist//server.js'));
    expect([paths, tree?.single]).toEqual([['server.js'], true]);
    expect(tree?.contents).toEqual({ 'server.js': { in: 'context', path: 'dist/server.js' } });
  });

  it('reaches its file through links that stay in the context', async () => {
    const context = createContext({
      'releases/5/app': 'x',
      current: { link: 'releases/5' },
      'a/b': { link: '../current/app' },
    });
    expect((await copy(context, copyRequest('current'))).paths).toEqual(['app']);
    expect((await copy(context, copyRequest('a/b'))).tree?.contents).toEqual({
      app: { in: 'context', path: 'releases/5/app' },
    });
  });
});

describe('a source that cannot be (H54)', () => {
  it.each([
    ['../secret', 'source/leaves-context'],
    ['/etc/passwd', 'source/leaves-context'],
    ['d/../../x', 'source/leaves-context'],
    ['out', 'source/leaves-context'],
    ['out/passwd', 'source/leaves-context'],
    ['up/x', 'source/leaves-context'],
    ['etc/passwd', 'source/leaves-context'],
    ['loop/x', 'source/link-loop'],
    ['dits', 'source/missing'],
    ['d/file/x', 'source/missing'],
    ['d\0', 'source/missing'],
  ])('%j is %s', async (source, code) => {
    const context = createContext({
      'd/file': 'x',
      'dist/file': 'x',
      out: { link: '../../..' },
      up: { link: 'd/../..' },
      etc: { link: '/etc' },
      loop: { link: 'loop2' },
      loop2: { link: 'loop' },
    });
    expect((await copy(context, copyRequest(source))).codes).toEqual([code]);
  });

  it.each([
    [['a', 'dits'], 'dits', 'did you mean `dist`?'],
    [['./dits/**/*.js'], 'dits', 'did you mean `dist`?'],
    [['dist/sub/x', 'dist/nothing/*'], 'dist/sub', 'did you mean'],
    [['public'], 'public', 'build the file first'],
  ])('is told where include names it: %j', async (include, path, help) => {
    const context = createContext({ 'app/a': '', 'app/dist/x.js': '', 'app/dist/subs/': '' });
    const { found } = await copy(context, copyRequest('app', { include }));
    expect(found[0]?.code).toBe('source/missing');
    expect(found[0]?.message).toContain(`app/${path}`);
    expect(found[0]?.help).toContain(help.replace('dist', 'app/dist'));
  });

  it('may be a name that only a wildcard stands for, or a link to nothing', async () => {
    const context = createContext({ 'app/a': '', 'app/l': { link: 'gone' } });
    const { codes } = await copy(context, copyRequest('app', { include: ['*.map', '{a,b}', 'l'] }));
    expect(codes).toEqual([]);
  });

  it('is told with the name that was probably meant', async () => {
    const context = createContext({ 'dist/server.js': 'x' });
    expect((await copy(context, copyRequest('dits'))).found[0]?.help).toBe('did you mean `dist`?');
    expect((await copy(context, copyRequest('dist/sever.js'))).found[0]).toMatchObject({
      message: '`dist/sever.js` is not in the context',
      help: 'did you mean `dist/server.js`?',
    });
  });

  it('is an absolute link into the context on the way', async () => {
    const context = createContext({ 'd/file': 'x' });
    symlinkSync(join(context, 'd'), join(context, 'link'));
    expect((await copy(context, copyRequest('link/file'))).codes).toEqual(['source/absolute-link']);
  });
});

describe('include and exclude', () => {
  const nodes = {
    'd/a.js': '1',
    'd/a.js.map': '2',
    'd/lib/b.js': '3',
    'd/lib/b.js.map': '4',
    'd/none/c.txt': '5',
  };

  it('leave folders out that hold nothing that is taken', async () => {
    const { paths } = await copy(createContext(nodes), copyRequest('d', { include: ['**/*.js'] }));
    expect(paths).toEqual(['a.js', 'lib', 'lib/b.js']);
    const excluded = await copy(createContext(nodes), copyRequest('d', { exclude: ['**/*.map', 'none'] }));
    expect(excluded.paths).toEqual(['a.js', 'lib', 'lib/b.js']);
  });

  it('that leave nothing are an error that names them', async () => {
    const { codes, found } = await copy(createContext(nodes), copyRequest('d', { include: ['*.css'] }));
    expect(codes).toEqual(['source/nothing-matched']);
    expect(found[0]?.message).toBe('include leaves nothing of `d`');
    expect((await copy(createContext(nodes), copyRequest('d/a.js', { exclude: ['*.js'] }))).codes).toEqual([
      'source/nothing-matched',
    ]);
  });
});

describe('.dockerignore', () => {
  it('hides by paths of the context, whatever the source', async () => {
    const context = createContext({
      '.dockerignore': 'd/x\n**/*.log\n',
      'd/x/1': '',
      'd/y': '',
      'd/z.log': '',
      'e/x': '',
    });
    expect((await copy(context, copyRequest('d'))).paths).toEqual(['y']);
    expect((await copy(context, copyRequest('e'))).paths).toEqual(['x']);
    expect((await copy(context, copyRequest('d', { ignore: false }))).paths).toEqual([
      'x',
      'x/1',
      'y',
      'z.log',
    ]);
  });

  it('shows what an exception shows, with the folders above it', async () => {
    const context = createContext({
      '.dockerignore': '*\n!d/keep\n',
      'd/keep/1': '',
      'd/other/2': '',
      'e/3': '',
    });
    expect((await copy(context, copyRequest('.'))).paths).toEqual(['d', 'd/keep', 'd/keep/1']);
  });

  it.each([
    ['d', 'd\n'],
    ['d', '# all of it\n\nd/**\n'],
    ['d/file', '*\n!other\n'],
  ])('that hides %j wholly is an error that names the line', async (source, text) => {
    const context = createContext({ '.dockerignore': text, 'd/file': 'x' });
    const { codes, found } = await copy(context, copyRequest(source));
    expect(codes).toEqual(['source/ignored']);
    expect(found[0]?.message).toMatch(/\.dockerignore:[13] \(`[d*/]+`\)/);
    expect(found[0]?.help).toContain('ignore: false');
  });

  it('with malformed lines is an error for each', async () => {
    const context = createContext({ '.dockerignore': 'ok\n[\n!\n', 'd/file': 'x' });
    const { found } = await copy(context, copyRequest('d'));
    expect(found.map(({ message }) => message)).toEqual([
      '.dockerignore:2: `[` is no pattern',
      '.dockerignore:3: `!` has nothing behind its exclamation mark',
    ]);
  });

  it('that is no regular file is an error and does not hang', async () => {
    const fifo = createContext({ 'd/file': 'x' });
    execFileSync('mkfifo', [join(fifo, '.dockerignore')]);
    expect((await copy(fifo, copyRequest('d'))).codes).toEqual(['source/unreadable']);
    const link = createContext({ 'd/file': 'x', '.dockerignore': { link: '/etc/passwd' } });
    expect((await copy(link, copyRequest('d'))).codes).toEqual(['source/unreadable']);
    expect((await copy(link, copyRequest('d', { ignore: false }))).codes).toEqual([]);
  });
});

describe('secrets', () => {
  const key = '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n-----BEGIN RSA PRIVATE KEY-----\n';

  it('are refused by name and by content, all at once', async () => {
    const context = createContext({
      '.env': '',
      '.env.production': '',
      '.git/config': '',
      '.npmrc': '',
      'keys/id_ed25519': '',
      'keys/server.p12': '',
      'tls/server.key': key,
      'tls/server.pem': '-----BEGIN CERTIFICATE-----\n',
      'tls/table.key': 'no key at all',
      'src/environment.ts': '',
    });
    const { found } = await copy(context, copyRequest('.'));
    expect(found.every(({ code, severity }) => code === 'source/secret' && severity === 'error')).toBe(true);
    expect(found.map(({ message }) => /`([^`]+)`/.exec(message)?.[1])).toEqual([
      '.env',
      '.env.production',
      '.git',
      '.npmrc',
      'keys/id_ed25519',
      'keys/server.p12',
      'tls/server.key',
    ]);
    expect(found[0]?.help).toContain('allowSecrets: [".env"]');
  });

  it('are copied where allowSecrets lists them', async () => {
    const context = createContext({ '.env': '', 'a/.npmrc': '', 'tls/server.key': key });
    const { paths, codes } = await copy(
      context,
      copyRequest('.', { allowSecrets: ['.env', '**/.npmrc', 'tls/*.key'] }),
    );
    expect([paths, codes]).toEqual([['.env', 'a', 'a/.npmrc', 'tls', 'tls/server.key'], []]);
  });

  it('are no matter where they are not copied', async () => {
    const context = createContext({ '.dockerignore': '.env\n', '.env': '', '.npmrc': '', a: '' });
    expect((await copy(context, copyRequest('.', { exclude: ['.npmrc'] }))).codes).toEqual([]);
  });

  it('are one warning below a node_modules', async () => {
    const nodes = Object.fromEntries(
      ['a', 'b', 'c', 'd', 'e'].map((name) => [`node_modules/${name}/.npmrc`, '']),
    );
    const { found, paths } = await copy(createContext(nodes), copyRequest('node_modules'));
    expect(found).toMatchObject([{ code: 'source/secret-in-dependency', severity: 'warning' }]);
    expect(found[0]?.message).toContain('and 2 more');
    expect(paths).toContain('a/.npmrc');
  });

  it('are refused as single files', async () => {
    const context = createContext({ '.env': '', 'server.pem': key });
    expect((await copy(context, copyRequest('.env'))).codes).toEqual(['source/secret']);
    expect((await copy(context, copyRequest('server.pem'))).codes).toEqual(['source/secret']);
    expect((await copy(context, copyRequest('.env', { allowSecrets: ['.env'] }))).codes).toEqual([]);
  });

  it('are counted where there are too many to name', async () => {
    const nodes = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`d${String(at)}/.env`, '']));
    const { found } = await copy(createContext(nodes), copyRequest('.'));
    expect(found.length).toBe(21);
    expect(found.at(-1)).toMatchObject({ code: 'source/more-of-the-same', severity: 'error' });
    expect(found.at(-1)?.message).toContain('30 more');
  });
});
