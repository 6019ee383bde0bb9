import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyEffects } from '../../../src/core/deb/effects/apply-effects.ts';
import { effectNames, type EffectName } from '../../../src/core/deb/effects/effect.ts';
import { elfSoname } from '../../../src/core/deb/effects/elf-soname.ts';
import { subjectHash } from '../../../src/core/deb/effects/subject-hash.ts';
import { linesOf, readerOf, treeOf } from './trees.ts';

interface Asked {
  readonly postinst?: Readonly<Record<string, string>>;
  readonly effects?: readonly EffectName[];
}

/** What is there afterwards and was not there before, and whose scripts were skipped. */
async function added(lines: readonly string[], { postinst = {}, effects = effectNames }: Asked = {}) {
  const root = treeOf(lines);
  const packages = Object.entries(postinst).map(([name, script]) => ({
    name,
    scripts: { postinst: script },
  }));
  const result = await applyEffects({ root, read: readerOf(root), packages, effects });
  const before = new Set(linesOf(root));
  return { lines: linesOf(result.root).filter((line) => !before.has(line)), skipped: result.skipped };
}

const mawk = `#!/bin/sh
set -e
if [ "$1" = "configure" ] || [ "$1" = "abort-remove" ]; then
        update-alternatives --install /bin/awk awk /usr/bin/mawk 5 \\
            --slave /usr/share/man/awk.1.gz awk.1.gz /usr/share/man/mawk.1.gz \\
            --slave /usr/bin/nawk nawk /usr/bin/mawk
fi
`;
const gawk = 'update-alternatives --install /usr/bin/awk awk /usr/bin/gawk 10\n';

describe('alternatives', () => {
  const root = ['l bin usr/bin', 'd usr', 'd usr/bin', 'f usr/bin/mawk m'];

  it('are linked through etc/alternatives, the slaves whose files are there too', async () => {
    const { lines, skipped } = await added(root, { postinst: { mawk } });
    expect(lines).toEqual([
      'd etc/alternatives',
      'l etc/alternatives/awk /usr/bin/mawk',
      'l etc/alternatives/nawk /usr/bin/mawk',
      'l usr/bin/awk /etc/alternatives/awk',
      'l usr/bin/nawk /etc/alternatives/nawk',
    ]);
    expect(skipped).toEqual([]);
  });

  it('are those with the highest priority', async () => {
    const { lines } = await added([...root, 'f usr/bin/gawk g'], { postinst: { mawk, gawk } });
    expect(lines).toContain('l etc/alternatives/awk /usr/bin/gawk');
  });

  it('are not made when they are switched off, and said to be skipped', async () => {
    const { lines, skipped } = await added(root, { postinst: { mawk }, effects: ['ldconfig'] });
    expect([lines, skipped]).toEqual([[], ['mawk']]);
  });

  it('with variables are left to their script, which is skipped', async () => {
    const postinst = {
      x: 'for i in a b; do\nupdate-alternatives --install /usr/bin/$i $i /usr/bin/mawk 1\ndone\n',
    };
    expect(await added(root, { postinst })).toEqual({ lines: [], skipped: ['x'] });
  });
});

describe('users and groups', () => {
  it('come from base-passwd and sysusers.d, with ids that are written or free', async () => {
    const { lines } = await added([
      'f usr/share/base-passwd/passwd.master root:*:0:0:root:/root:/bin/bash|',
      'f usr/share/base-passwd/group.master root:*:0:|shadow:*:42:|',
      'f usr/lib/sysusers.d/b.conf u_svc_-_"A_service"_/var/lib/svc|m_svc_extra|#_no|r_-_1-2|',
      'f usr/lib/sysusers.d/a.conf g_extra_-|u_fixed_50:shadow_-|u_root_0_-_/root|',
    ]);
    expect(lines).toEqual([
      'd etc',
      'f etc/group root:x:0:\nshadow:x:42:\nextra:x:999:svc\nsvc:x:998:\n',
      'f etc/gshadow root:*::\nshadow:*::\nextra:*::svc\nsvc:*::\n',
      'f etc/passwd root:x:0:0:root:/root:/bin/bash\nfixed:x:50:42::/:/usr/sbin/nologin\nsvc:x:998:998:A service:/var/lib/svc:/usr/sbin/nologin\n',
      'f etc/shadow root:*::0:99999:7:::\nfixed:*::0:99999:7:::\nsvc:*::0:99999:7:::\n',
    ]);
  });

  it('are left alone where the root has them, and where nobody asks', async () => {
    expect((await added(['f etc/passwd x', 'f usr/lib/sysusers.d/a.conf g_a_-'])).lines).toEqual([]);
    expect((await added(['d etc'])).lines).toEqual([]);
  });
});

describe('skipped scripts', () => {
  it('are those that do more than a step does', async () => {
    const postinst = {
      'ca-certificates': 'update-ca-certificates\n',
      library: '#!/bin/sh\nset -e\ncase "$1" in\n configure)\n  ldconfig\n ;;\nesac\nexit 0\n',
      service: 'adduser --system svc\n',
    };
    expect((await added([], { postinst })).skipped).toEqual(['service']);
    expect((await added([], { postinst, effects: [] })).skipped).toEqual([
      'ca-certificates',
      'library',
      'service',
    ]);
  });
});

const library = '/usr/lib/x86_64-linux-gnu/libc.so.6';

describe('names of libraries', () => {
  it.runIf(existsSync(library))('are read from their dynamic section', () => {
    expect(elfSoname(readFileSync(library))).toBe('libc.so.6');
    expect(elfSoname(readFileSync(library).subarray(0, 5000))).toBeUndefined();
    expect(elfSoname(readFileSync(process.execPath))).toBeUndefined();
  });

  it.runIf(existsSync(library))('become links where nothing bears them', async () => {
    const root = treeOf(['d usr', 'd usr/lib', 'f usr/lib/libc-2.36.so x', 'f usr/lib/libno.so x', 'd lib']);
    const read = (path: string) =>
      Promise.resolve(new Uint8Array(path.includes('libc') ? readFileSync(library) : []));
    const result = await applyEffects({ root, read, packages: [], effects: ['ldconfig'] });
    expect(linesOf(result.root)).toContain('l usr/lib/libc.so.6 libc-2.36.so');
    expect(result.root.tree.entries).toHaveLength(6);
  });
});

const certificates = '/usr/share/ca-certificates/mozilla';
const canHash = existsSync(certificates) && spawnSync('openssl', ['version']).status === 0;

describe('the certificates’ bundle', () => {
  it('is what update-ca-certificates makes: a list, a bundle, and links', async () => {
    const { lines } = await added([
      'f usr/share/ca-certificates/mozilla/B(x).crt two',
      'f usr/share/ca-certificates/mozilla/A.crt one|',
    ]);
    expect(lines).toEqual([
      'd etc',
      'f etc/ca-certificates.conf mozilla/A.crt\nmozilla/B(x).crt\n',
      'd etc/ssl',
      'd etc/ssl/certs',
      'l etc/ssl/certs/A.pem /usr/share/ca-certificates/mozilla/A.crt',
      'l etc/ssl/certs/B=x=.pem /usr/share/ca-certificates/mozilla/B(x).crt',
      'f etc/ssl/certs/ca-certificates.crt one\ntwo\n',
    ]);
  });

  it.runIf(canHash)('has links by the hashes that openssl gives', () => {
    // Every eighth: each costs a process, and kinds of text differ from maker to maker.
    const names = readdirSync(certificates).filter((_, index) => index % 8 === 0);
    const files = names.map((name) => `${certificates}/${name}`);
    const script = 'for file; do openssl x509 -noout -subject_hash -in "$file"; done';
    const { stdout } = spawnSync('sh', ['-c', script, 'sh', ...files], { encoding: 'utf8' });
    expect(files.map((file) => subjectHash(readFileSync(file, 'utf8')))).toEqual(stdout.trim().split('\n'));
  });
});
