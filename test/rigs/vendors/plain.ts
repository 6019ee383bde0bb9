/** docker-registry as it is. */
import type { Vendor } from '../vendor-profile.ts';

export function plain(): Vendor {
  return (request, { forward }) => forward(request);
}
