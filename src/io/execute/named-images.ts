/**
 * Which image each reference named last, so that `serve` can offer what was built by name. Losing a record costs the
 * name only; garbage collection takes it with the image.
 */
import { digestOfValue, parseDigest } from '../../core/digest/digest.ts';
import type { BuiltImage } from '../../core/image/image.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { validateDescriptor } from '../../core/oci/validate-image.ts';
import { listResults } from '../store/disk-results.ts';
import type { ResultCache } from '../store/store.ts';
import type { StoreFolder } from '../store/store-folder.ts';

const kind = 'reference';
const version = 1;

/** Remembers each reference of each image; nothing is written where it named the same image before. */
export async function rememberNames(results: ResultCache, images: readonly BuiltImage[]): Promise<void> {
  for (const { references, root } of images) {
    for (const reference of references) {
      const key = digestOfValue(reference);
      if (namedIn(await results.get(kind, key))?.root.digest === root.digest) continue;
      await results.put(kind, key, { version, reference, root });
    }
  }
}

export interface NamedRoot {
  /** `registry/repository:tag`. */
  readonly reference: string;
  readonly root: Descriptor;
}

/** Every reference that a build gave, in one order. */
export function listNames(folder: StoreFolder): readonly NamedRoot[] {
  const found = listResults(folder, [kind]).flatMap(({ value }) => namedIn(value) ?? []);
  return found.sort((a, b) => (a.reference < b.reference ? -1 : 1));
}

function namedIn(value: unknown): NamedRoot | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const record = value as Readonly<Record<string, unknown>>;
  const { reference, root } = record;
  if (record['version'] !== version || typeof reference !== 'string') return undefined;
  if (validateDescriptor(root).length > 0) return undefined;
  const descriptor = root as Descriptor;
  return parseDigest(descriptor.digest).ok ? { reference, root: descriptor } : undefined;
}
