/**
 * Labels of AppArmor and SELinux in containers that run: the kernel says them where it has the module, and where it has
 * none our command refuses what runc and crun would leave out or end with words of their own.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBusybox } from '../rigs/busybox-image.ts';
import { makeProject, type Project } from '../rigs/project.ts';
import { crunHere, hasProgram, isRoot } from '../rigs/runtimes.ts';

const enabled = '/sys/module/apparmor/parameters/enabled';
const hasAppArmor = existsSync(enabled) && readFileSync(enabled, 'utf8').startsWith('Y');
const hasSelinux = existsSync('/sys/fs/selinux');

const profile = 'layerwright-test';
const profileText = `profile ${profile} { file, capability, network, signal, unix, mount, ptrace, }\n`;

/** Our own label with categories that it does not have. */
const processLabel = hasSelinux
  ? `${readFileSync('/proc/self/attr/current', 'utf8').split(':', 3).join(':')}:s0:c1,c2`
  : 'system_u:system_r:container_t:s0:c1,c2';
const mountLabel = 'system_u:object_r:tmp_t:s0:c1,c2';

const cases = [
  { name: 'apparmor', label: profile, hasModule: hasAppArmor, runtime: { apparmor: profile } },
  {
    name: 'process',
    label: processLabel,
    hasModule: hasSelinux,
    runtime: { selinux: { process: processLabel } },
  },
  { name: 'mount', label: mountLabel, hasModule: hasSelinux, runtime: { selinux: { mount: mountLabel } } },
];

const recipe = `layers:
  - { copy: busybox, to: /bin/, mode: "0755" }
  - { link: /bin/sh, target: busybox }
cmd: [/bin/sh, -c, "busybox cat /proc/self/attr/current /proc/mounts"]
images:
${cases.map(({ name, runtime }) => `  ${name}: { runtime: ${JSON.stringify(runtime)} }\n`).join('')}`;

const runtimes = ['runc', 'crun'].filter(hasProgram);

describe.skipIf(!isRoot || !hasBusybox || runtimes.length === 0).each(runtimes)(
  'labels of a container of %s (needs root, busybox-static and the runtime)',
  (runtime) => {
    let project: Project;
    let path = runtime;
    beforeAll(() => {
      project = makeProject(recipe);
      copyFileSync('/bin/busybox', join(project.folder, 'busybox'));
      project.succeed('build', 'apparmor', '-o', 'oci:out', '-q');
      if (runtime === 'crun') path = crunHere(project.folder);
      if (hasAppArmor) execFileSync('apparmor_parser', ['--replace'], { input: profileText });
    });
    afterAll(() => {
      if (hasAppArmor) execFileSync('apparmor_parser', ['--remove'], { input: profileText });
      project.remove();
    });

    /** The runtime without us before it. */
    function runAlone(name: string): string {
      const [bundle, state, id] = [
        join(project.folder, name),
        join(project.folder, 'state'),
        `labels-${name}`,
      ];
      project.succeed('bundle', 'oci:out', bundle, '-f', 'oci.config.yaml', '--image', name);
      mkdirSync(state, { recursive: true });
      const { stdout, error } = spawnSync(path, ['--root', state, 'run', '--bundle', bundle, id], {
        encoding: 'utf8',
      });
      spawnSync(path, ['--root', state, 'delete', '--force', id]);
      if (error !== undefined) throw error;
      return stdout;
    }

    const given = cases.filter(({ hasModule }) => hasModule);
    const missing = cases.filter(({ hasModule }) => !hasModule);

    it('are what the kernel says of it, where it has the module', () => {
      for (const { name, label } of given)
        expect(
          project.succeed('run', 'oci:out', '-f', 'oci.config.yaml', '--image', name, '--runtime', path),
        ).toContain(label);
      for (const { name, label } of missing) expect(runAlone(name), name).not.toContain(label);
    });

    it('are refused before it starts, where the kernel has none', () => {
      const options = ['-f', 'oci.config.yaml', '--runtime', path];
      const ran = missing.map(({ name }) => project.run('run', 'oci:out', ...options, '--image', name));
      expect(ran.map(({ status, stdout }) => ({ status, stdout }))).toEqual(
        missing.map(() => ({ status: 7, stdout: '' })),
      );
      ran.forEach(({ stderr }, at) => {
        expect(stderr).toContain('error[bundle/no-security-module]');
        expect(stderr).toContain(`asks for \`${missing[at]?.label ?? ''}\` of `);
      });
    });
  },
);
