/** Diagnostic codes of the area `bundle/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const bundleCodes = {
  'bundle/needs-linux': {
    exit: 'resource',
    summary:
      'An image is unpacked on Linux only, where a folder can be held open while names below it are used.',
  },
  'bundle/refused-entry': {
    exit: 'untrusted',
    summary: 'A layer holds an entry that no honest image has, or that cannot stand where it says.',
  },
  'bundle/too-many-special-files': {
    exit: 'untrusted',
    summary: 'An image has more fifos and devices than the limit `maxSpecialFiles`.',
  },
  'bundle/names-collide': {
    exit: 'untrusted',
    summary: 'Two names of an image are one name for the file system that it is unpacked on.',
  },
  'bundle/wrong-layer': {
    exit: 'integrity',
    summary: 'A layer does not have the diffID that the image config says.',
  },
  'bundle/bad-image': {
    exit: 'untrusted',
    summary: 'An image cannot be unpacked as it is: its config and manifest do not fit one another.',
  },
  'bundle/bad-user': {
    exit: 'untrusted',
    summary: "An image's user is malformed, out of range, or unknown to its own passwd and group files.",
  },
  'bundle/bad-runtime': {
    exit: 'usage',
    summary: 'The `runtime` of a recipe, or the arguments of `run`, ask for what no bundle can have.',
  },
  'bundle/unreadable-user-file': {
    exit: 'untrusted',
    summary: 'The passwd or group file of an image is not a regular file of at most 10 MiB.',
  },
  'bundle/not-ours': {
    exit: 'resource',
    summary: 'A folder to unpack into holds something that layerwright did not put there.',
  },
  'bundle/write-failed': {
    exit: 'resource',
    summary: 'Unpacking an image failed on this computer: its disk, its limits or its permissions.',
  },
  'bundle/not-a-bundle': {
    exit: 'usage',
    summary: 'A folder that was to be run is no runtime bundle.',
  },
  'bundle/no-security-module': {
    exit: 'resource',
    summary:
      'A bundle that was to be run asks for labels of AppArmor or SELinux, which the kernel does not have.',
  },
  'bundle/no-runtime': {
    exit: 'resource',
    summary: 'Neither runc nor crun is installed, or the runtime that was named is not there.',
  },
  'bundle/runtime-failed': {
    exit: 'failed',
    summary: 'The runtime could not be started.',
  },
  'bundle/owners-not-set': {
    summary: 'Owners of files were not set, since only root may give files away.',
  },
  'bundle/special-files-not-made': {
    summary: 'Devices or fifos stand as empty files, since they could not be made here.',
  },
  'bundle/xattrs-not-set': {
    summary:
      'Extended attributes were not set: not permitted, not supported here, or meant for the host only.',
  },
  'bundle/times-not-exact': {
    summary: 'Modification times were rounded, since this computer cannot keep them exactly.',
  },
  'bundle/labels-left-out': {
    summary: 'Labels of an image that runtimes take for orders were left out of a bundle.',
  },
  'bundle/no-command': {
    summary: 'An image says no command to run; its bundle runs `sh`.',
  },
  'bundle/limits-not-applied': {
    summary: 'Limits of `runtime` that an ordinary user cannot set were left out of a rootless bundle.',
  },
  'bundle/user-not-mapped': {
    summary: "An image's user has no id in the caller's user namespace, so its process runs as the caller.",
  },
  'bundle/groups-not-applied': {
    summary: "An image's groups have no id in the caller's user namespace and were left out.",
  },
  'bundle/old-runtime': {
    summary: 'The runtime lacks known security fixes.',
  },
} as const satisfies CatalogueArea<'bundle'>;
