/** What a `deb` layer asks for on a platform, in the words of the lock. */
import type { Platform } from '../../oci/platform.ts';
import { comparePaths } from '../../tree/image-path.ts';
import type { DebLayer } from '../recipe.ts';
import type { WantedPackages } from './lock.ts';
import { platformKey } from './platform-key.ts';

/** All of a layer that decides which packages it gets. */
export interface AskedPackages extends Pick<
  DebLayer,
  'names' | 'suites' | 'components' | 'mirrors' | 'snapshot' | 'keyring' | 'recommends'
> {
  readonly platform: Platform;
}

/**
 * The key of the lock's entry: never a host. Names are sorted, so that their order in a recipe means nothing; what is as
 * by default is left out.
 */
export function wantedPackages(asked: AskedPackages): WantedPackages {
  const { names, snapshot, recommends, platform } = asked;
  const suites = ofAllArchives(asked, 'suites').join(' ');
  const components = ofAllArchives(asked, 'components').join(' ');
  return {
    deb: [...new Set(names)].sort(comparePaths),
    ...(suites === '' ? {} : { suite: suites }),
    ...(components === 'main' ? {} : { components }),
    ...(snapshot === undefined ? {} : { snapshot }),
    ...(recommends ? { recommends } : {}),
    platform: platformKey(platform),
  };
}

function ofAllArchives(asked: AskedPackages, key: 'suites' | 'components'): string[] {
  const { mirrors } = asked;
  return [...new Set(mirrors.length === 0 ? asked[key] : mirrors.flatMap((mirror) => mirror[key]))];
}
