/** `users` beside real Debian packages: base-passwd's accounts and the recipe's in one /etc/passwd, looked up by Debian's id. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DebianMirror, knownSuites, startDebianMirror } from '../../scripts/debian-mirror.mjs';
import { mirrorValue } from '../rigs/debian-project.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { runBuilt } from '../rigs/run-program.ts';
import { hasProgram, isRoot } from '../rigs/runtimes.ts';

const canRun = isRoot && hasProgram('runc') && knownSuites.length > 0;

describe.skipIf(!canRun)('users of an image of Debian packages (needs root, apt and runc)', () => {
  let project: Project;
  let mirror: DebianMirror;
  beforeAll(async () => {
    mirror = await startDebianMirror();
    project = makeProject(`users: { app: { uid: 10001, home: /srv/app, groups: [audio, ops] } }
groups: { ops: { gid: 2000 } }
user: app
workdir: /srv/app
platforms: [linux/amd64]
compression: none
layers:
  - deb: [base-passwd, coreutils]
    mirror: ${mirrorValue(mirror.suites)}
  - { file: note, content: hi, owner: "app:ops" }
`);
    const { status, stderr } = await runBuilt(['build', '-q', '-o', 'oci:layout'], project.options);
    expect(status, stderr).toBe(0);
  }, 240_000);
  afterAll(() => {
    mirror.stop();
    project.remove();
  });

  const run = (...words: readonly string[]) =>
    runBuilt(['run', 'oci:layout', '--', ...words], project.options);

  it('are who the process is, in the groups that base-passwd knows too', async () => {
    expect(await run('id')).toMatchObject({
      status: 0,
      stdout: 'uid=10001(app) gid=10001(app) groups=10001(app),29(audio),2000(ops)\n',
    });
    expect(await run('id', 'www-data')).toMatchObject({
      stdout: expect.stringMatching(/^uid=33\(www-data\) /),
    });
  });

  it('own their home and files, and stand behind Debian’s own in passwd and shadow', async () => {
    const { stdout } = await run('stat', '-c', '%a %U:%G %n', '.', 'note', '/etc/passwd', '/etc/shadow');
    expect(stdout).toBe(
      '755 app:app .\n644 app:ops note\n644 root:root /etc/passwd\n640 root:shadow /etc/shadow\n',
    );
    const passwd = (await run('cat', '/etc/passwd')).stdout.trim().split('\n');
    expect(passwd[0]).toBe('root:x:0:0:root:/root:/bin/bash');
    expect(passwd.at(-1)).toMatch(/^app:x:10001:10001:/);
    expect(passwd.length).toBeGreaterThan(15);
  });
});
