/** Harbor: a mount from a project that is not there, or not ours, is 401 or 403 (harbor#17097, containerd#14086). */
import { type Vendor, isMount, refusal } from '../vendor-profile.ts';

export function harbor(mounts: 401 | 403): Vendor {
  const code = mounts === 401 ? 'UNAUTHORIZED' : 'DENIED';
  return (request, { forward }) =>
    isMount(request) ? refusal(mounts, code, 'project base not found') : forward(request);
}
