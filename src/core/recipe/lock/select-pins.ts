/** Which pins a user means: an image in full, as it may be written, or by its repository alone; a URL; a package or its suite. */
import { parseNormalizedReference } from '../../oci/normalize-reference.ts';
import { pinnedReference, type PinRequest } from './pin-request.ts';

export interface SelectedPins {
  readonly chosen: readonly PinRequest[];
  /** Names that mean none of them. */
  readonly unknown: readonly string[];
}

/** Without names, all of them. */
export function selectPins(requests: readonly PinRequest[], names: readonly string[]): SelectedPins {
  if (names.length === 0) return { chosen: requests, unknown: [] };
  return {
    chosen: requests.filter((request) => names.some((name) => means(name, request))),
    unknown: names.filter((name) => !requests.some((request) => means(name, request))),
  };
}

function means(name: string, request: PinRequest): boolean {
  switch (request.kind) {
    case 'image':
      return meansImage(name, request.text);
    case 'file':
      return name === request.url;
    case 'packages':
      return request.wanted.suite === name || request.wanted.deb.some((one) => one.split('=', 1)[0] === name);
  }
}

/** `node`, `node:22` and `docker.io/library/node` mean what the lock calls `docker.io/library/node:22`. */
function meansImage(name: string, reference: string): boolean {
  if (pinnedReference(name)?.text === reference) return true;
  const [asked, locked] = [name, reference].map(parseNormalizedReference);
  if (asked?.ok !== true || locked?.ok !== true) return false;
  const { domain, path, tag, digest } = asked.reference;
  const isBare = tag === undefined && digest === undefined;
  return isBare && domain === locked.reference.domain && path === locked.reference.path;
}
