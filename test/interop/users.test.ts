/** `users` and `groups`: the lines that the real useradd and groupadd write, and accounts that a process of the image has. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addAccounts } from '../../src/core/plan/added-accounts.ts';
import { type AccountTexts, accountNames, accountTexts } from '../../src/core/tree/account-texts.ts';
import { hasBusybox } from '../rigs/busybox-image.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { crunHere, hasProgram, isRoot } from '../rigs/runtimes.ts';
import { type ScratchFolder, scratchFolder } from '../rigs/scratch-folder.ts';

const canAdd = isRoot && hasProgram('useradd');

describe.skipIf(!canAdd)('users beside useradd (needs root and useradd)', () => {
  let scratch: ScratchFolder;
  beforeAll(() => {
    scratch = scratchFolder('useradd');
  });
  afterAll(() => {
    scratch.remove();
  });

  function prefix(texts: AccountTexts): string {
    mkdirSync(join(scratch.path, 'etc'), { recursive: true });
    for (const name of accountNames) writeFileSync(join(scratch.path, 'etc', name), texts[name] ?? '');
    return scratch.path;
  }

  function run(program: string, ...args: readonly string[]): void {
    const options = { env: { ...process.env, SOURCE_DATE_EPOCH: '0' }, stdio: 'pipe' } as const;
    execFileSync(program, ['--prefix', scratch.path, ...args], options);
  }

  it('are the same lines in all four files', () => {
    const known: AccountTexts = {
      passwd: 'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
      group: 'root:x:0:\naudio:x:29:\nvideo:x:44:nobody\nnogroup:x:65534:\n',
      shadow: 'root:*:19000:0:99999:7:::\nnobody:*:19000:0:99999:7:::\n',
      gshadow: 'root:*::\naudio:*::\nvideo:*::nobody\nnogroup:*::\n',
    };
    const folder = prefix(known);
    run('groupadd', '-g', '2000', 'ops');
    run(
      'useradd',
      '-u',
      '4001',
      '-U',
      '-M',
      '-d',
      '/app',
      '-s',
      '/bin/sh',
      '-c',
      'The App',
      '-G',
      'audio,video,ops',
      'app',
    );
    run('useradd', '-u', '4002', '-g', 'ops', '-M', '-d', '/nonexistent', '-s', '/usr/sbin/nologin', 'job');
    const { texts } = addAccounts(
      known,
      {
        groups: { ops: { gid: 2000 } },
        users: {
          app: {
            uid: 4001,
            home: '/app',
            comment: 'The App',
            groups: ['audio', 'video', 'ops'],
            system: false,
          },
          job: { uid: 4002, group: 'ops', groups: [], system: true },
        },
      },
      (path, { message }) => {
        throw new Error(`${path.join('/')}: ${message}`);
      },
    );
    expect(texts).toEqual(accountTexts((name) => readFileSync(join(folder, 'etc', name), 'utf8')));
  });
});

const recipe = `images:
  base:
    layers:
      - group:
          - { copy: busybox, to: /bin/, mode: "0755" }
          - { link: /bin/sh, target: busybox }
          - { file: /etc/passwd, content: "root:x:0:0:root:/root:/bin/sh\\n" }
          - { file: /etc/group, content: "root:x:0:\\naudio:x:29:\\n" }
          - { file: /etc/shadow, content: "root:*:::::::\\n", mode: "0640" }
  app:
    from: image:base
    users: { app: { uid: 10001, home: /app, groups: [audio] } }
    groups: { ops: { gid: 50 } }
    user: app
    workdir: /app
    layers: [{ file: note, content: hi, owner: "app:ops" }]
    cmd: [/bin/sh, -c, "busybox id; busybox stat -c '%a %U:%G %n' . note /etc/passwd /etc/shadow; echo $HOME"]
`;

const runtimes = ['runc', 'crun'].filter(hasProgram);

describe.skipIf(!isRoot || !hasBusybox || runtimes.length === 0).each(runtimes)(
  'users of an image run by %s (needs root, busybox-static and the runtime)',
  (runtime) => {
    let project: Project;
    beforeAll(() => {
      project = makeProject(recipe);
      copyFileSync('/bin/busybox', join(project.folder, 'busybox'));
    });
    afterAll(() => {
      project.remove();
    });

    it('are who the process is, whose its home is, and in which groups', { timeout: 60_000 }, () => {
      project.succeed('build', 'app', '-o', 'oci:out', '-q');
      const path = runtime === 'crun' ? crunHere(project.folder) : runtime;
      expect(
        project.succeed('run', 'oci:out', '--runtime', path).replace('29(audio),10001', '10001,29'),
      ).toBe(
        `uid=10001(app) gid=10001(app) groups=10001,29(app)
755 app:app .
644 app:ops note
644 root:root /etc/passwd
640 root:root /etc/shadow
/app
`,
      );
    });
  },
);
