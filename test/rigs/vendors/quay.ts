/** Quay: `mount` without `from` is 400 INVALID_REQUEST (jib#703, go-containerregistry#401). */
import { type Vendor, isMount, refusal } from '../vendor-profile.ts';

export function quay(): Vendor {
  return (request, { forward }) =>
    isMount(request) && !request.query.has('from')
      ? refusal(400, 'INVALID_REQUEST', 'Invalid request')
      : forward(request);
}
