/** Tags, wherever they are kept: in a layout's index.json, or among the build store's results. */
import type { Descriptor } from '../../core/oci/descriptor.ts';

export interface NamedImage {
  readonly repository: string;
  /** Undefined for an image that its layout gives no tag: it is served by its digest. */
  readonly tag?: string;
  readonly root: Descriptor;
}

export interface TagTable {
  /** Every image that is named. The same array as before where nothing has changed. */
  all(): Promise<readonly NamedImage[]>;
  /** Names one image, in place of the one that had the tag; durable once it has resolved. */
  put(image: NamedImage & { readonly tag: string }): Promise<void>;
  /** Whether the tag was there. Throws Refusal DENIED for one that is only read here. */
  remove(repository: string, tag: string): Promise<boolean>;
}
