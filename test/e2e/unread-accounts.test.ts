/** Accounts files that are not read, for their size or their kind: `users` never writes over what it does not know. */
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeProject, type Project } from '../rigs/project.ts';

const users = 'users: { app: { uid: 10001 } }';
const recipe = `compression: none
images:
  copied: { ${users}, layers: [{ copy: root, to: / }] }
  unpacked: { ${users}, layers: [{ archive: large.tar, to: / }] }
  linked: { ${users}, layers: [{ archive: linked.tar, to: / }] }
  above: { ${users}, from: "oci:base" }
  without: { layers: [{ copy: root, to: / }] }
`;

describe('an accounts file that is not read', () => {
  let project: Project;
  beforeAll(() => {
    project = makeProject(recipe);
    const { folder } = project;
    const passwd = join(folder, 'root/etc/passwd');
    project.write('root/etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n');
    project.write('linked/a', 'root:x:0:0:root:/root:/bin/sh\n');
    mkdirSync(join(folder, 'linked/etc'));
    linkSync(join(folder, 'linked/a'), join(folder, 'linked/etc/passwd'));
    truncateSync(passwd, 10 * 1024 * 1024 + 1);
    execFileSync('tar', ['-cf', 'large.tar', '-C', 'root', 'etc'], { cwd: folder });
    execFileSync('tar', ['-cf', 'linked.tar', '-C', 'linked', 'a', 'etc'], { cwd: folder });
    project.succeed('build', 'without', '-o', 'oci:base', '-q');
  });
  afterAll(() => {
    project.remove();
  });

  it.each(['copied', 'unpacked', 'linked', 'above'])('is not written over: %s', (name) => {
    const { status, stderr, stdout } = project.run('build', name, '-o', `oci:${name}`, '-q');
    expect(stderr).toContain('error[plan/accounts-not-text] nothing can be added to the image’s /etc/passwd');
    expect(stderr).toContain('no plain file of up to 10 MiB');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });
});
