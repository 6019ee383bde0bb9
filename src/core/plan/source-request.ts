/** The words in which the reader of sources and the planner ask for the same source. */
import type { Platform } from '../oci/platform.ts';
import { defined } from '../recipe/defined.ts';
import type { DebLayer, SingleLayer, Target } from '../recipe/recipe.ts';
import type { DebRequest, SourceRequest } from './snapshot.ts';

/** What an item of a layer reads from outside; undefined where it reads nothing. */
export function sourceRequest(item: SingleLayer, platform: Platform): SourceRequest | undefined {
  switch (item.kind) {
    case 'copy': {
      const { kind, source, include, exclude, ignore, allowSecrets } = item;
      return { kind, source, include, exclude, ignore, allowSecrets };
    }
    case 'fetch': {
      const { kind, source, sha256 } = item;
      return { kind, source, ...(sha256 === undefined ? {} : { sha256 }) };
    }
    case 'archive': {
      const { kind, source, strip, include, exclude, sha256 } = item;
      return { kind, source, strip, include, exclude, ...(sha256 === undefined ? {} : { sha256 }) };
    }
    case 'image': {
      const { kind, reference, from, include, exclude } = item;
      return { kind, reference, platform, from, include, exclude };
    }
    case 'deb':
      return debRequest(item, platform);
    case 'npm': {
      const { kind, source, omit, libc, split, part } = item;
      return { kind, source, platform, omit, libc, ...defined({ split, part }) };
    }
    default:
      return undefined;
  }
}

function debRequest(item: DebLayer, platform: Platform): DebRequest {
  const { kind, names, suites, components, mirrors, snapshot, keyring, recommends, effects } = item;
  const optional = { ...(snapshot && { snapshot }), ...(keyring && { keyring }) };
  return { kind, names, suites, components, mirrors, ...optional, recommends, effects, platform };
}

export interface PlacedRequest {
  readonly request: SourceRequest;
  /** JSON Pointer of the item that asks. */
  readonly at: string;
}

/** Every source that a target reads, in the order of its layers. */
export function sourceRequests(target: Target): PlacedRequest[] {
  return target.image.layers
    .flatMap((layer) => (layer.kind === 'group' ? layer.items : [layer]))
    .flatMap((item) => {
      const request = sourceRequest(item, target.platform);
      return request === undefined ? [] : [{ request, at: item.at }];
    });
}
