/** The documents of an image layout, found by walking it from its index.json: what each is, and where it stands. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LayoutDocument {
  readonly kind: 'layout' | 'index' | 'manifest' | 'config';
  readonly file: string;
  readonly value: unknown;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
}

/** Every document once, in the order in which a reader meets them. */
export function layoutDocuments(layout: string): LayoutDocument[] {
  const found = new Map<string, LayoutDocument>();
  const read = (kind: LayoutDocument['kind'], file: string): unknown => {
    const value = JSON.parse(readFileSync(file, 'utf8')) as unknown;
    found.set(file, { kind, file, value });
    return value;
  };
  const follow = ({ mediaType, digest }: Descriptor): void => {
    const file = blobFile(layout, digest);
    if (mediaType.includes('config')) read('config', file);
    else if (mediaType.includes('index')) index(file);
    else follow((read('manifest', file) as { readonly config: Descriptor }).config);
  };
  const index = (file: string): void =>
    (read('index', file) as { readonly manifests: readonly Descriptor[] }).manifests.forEach(follow);
  read('layout', join(layout, 'oci-layout'));
  index(join(layout, 'index.json'));
  return [...found.values()];
}

export function blobFile(layout: string, digest: string): string {
  const file = join(layout, 'blobs', digest.replace(':', '/'));
  if (!existsSync(file)) throw new Error(`${layout} lacks ${digest}`);
  return file;
}
