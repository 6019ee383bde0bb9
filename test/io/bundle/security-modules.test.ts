/** Kernels as /sys describes them: a bundle's labels are refused where nothing would apply them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireModules } from '../../../src/io/bundle/security-modules.ts';
import { type ScratchFolder, scratchFolder } from '../../rigs/scratch-folder.ts';

const profile = { process: { apparmorProfile: 'docker-default' } };
const label = { process: { selinuxLabel: 'a:b:c:s0' }, linux: { mountLabel: 'd:e:f:s0' } };

describe('labels of a bundle', () => {
  let scratch: ScratchFolder;
  beforeAll(() => {
    scratch = scratchFolder('sys');
    const enabled = 'module/apparmor/parameters/enabled';
    for (const [path, text] of [
      [`both/${enabled}`, 'Y\n'],
      ['both/fs/selinux/enforce', '1'],
      [`off/${enabled}`, 'N\n'],
    ] as const) {
      mkdirSync(dirname(join(scratch.path, path)), { recursive: true });
      writeFileSync(join(scratch.path, path), text);
    }
  });
  afterAll(() => {
    scratch.remove();
  });
  const on = (kernel: string, config: unknown) => () => {
    requireModules(config, join(scratch.path, kernel));
  };

  it('are taken where the kernel has the module, and everywhere where there are none', () => {
    for (const config of [profile, label, { ...label, ...profile }]) expect(on('both', config)).not.toThrow();
    for (const config of [undefined, null, 'text', {}, { process: { apparmorProfile: '' } }, { linux: 1 }])
      expect(on('none', config)).not.toThrow();
  });

  it('are refused where the module is not there, or switched off', () => {
    expect(on('none', profile)).toThrow('asks for `docker-default` of AppArmor, and the kernel');
    expect(on('off', profile)).toThrow('has no AppArmor, or has it switched off');
    expect(on('off', label)).toThrow('asks for `a:b:c:s0` and `d:e:f:s0` of SELinux, and the kernel');
  });
});
