/** Permissions that are seldom meant. */
import type { TreeEntry } from '../tree/file-tree.ts';
import type { FileFinding } from './file-finding.ts';

const setId = 0o6000;
const sticky = 0o1000;
const otherWrite = 0o002;

export function modeFindings(entry: TreeEntry): FileFinding[] {
  if (entry.type !== 'file' && entry.type !== 'directory') return [];
  const { mode, type, path } = entry;
  const name = path === '' ? '/' : path;
  const findings: FileFinding[] = [];
  // A folder like /tmp has the sticky bit, by which nobody can touch what another has put there.
  if ((mode & otherWrite) !== 0 && (type === 'file' || (mode & sticky) === 0)) {
    findings.push({ ...worldWritable, name });
  }
  // A folder's setgid only says which group new files get.
  if (type === 'file' && (mode & setId) !== 0) findings.push({ ...setuid, name });
  return findings;
}

const worldWritable: Omit<FileFinding, 'name'> = {
  code: 'lint/world-writable',
  says: 'every user in the container may change',
  help: 'set `mode` or `dirMode`, such as mode: "0644", and `owner` where one user has to write',
};

const setuid: Omit<FileFinding, 'name'> = {
  code: 'lint/setuid',
  says: 'setuid or setgid is set on',
  help: 'set `mode: "0755"`, or `exclude` it; where it is meant, --allow lint/setuid',
};
