/** Content descriptors (image-spec descriptor.md). */
import type { Digest } from '../digest/digest.ts';
import type { Platform } from './platform.ts';

export type Annotations = Readonly<Record<string, string>>;

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes; a safe integer of 0 or more. */
  readonly size: number;
  readonly urls?: readonly string[];
  readonly annotations?: Annotations;
  readonly data?: string;
  readonly platform?: Platform;
  readonly artifactType?: string;
}
