/** Images pushed to a registry by plain requests, so that a test of ours asks no client of ours. */
import { digestOf } from '../../src/core/digest/digest.ts';
import { mediaTypes } from '../../src/core/oci/media-type.ts';
import { pushTo } from './served-registry.ts';

export interface PushedManifest {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly text: string;
}

/** A manifest over a config and a layer that are pushed too, not yet put anywhere itself. */
export async function manifestIn(
  repository: string,
  more: Readonly<Record<string, unknown>> = {},
  layer = 'a layer',
): Promise<PushedManifest> {
  const described = async (mediaType: string, text: string) => ({
    mediaType,
    digest: await pushTo(repository, text),
    size: Buffer.byteLength(text),
  });
  return documentOf({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: await described(mediaTypes.config, '{"architecture":"amd64","os":"linux"}'),
    layers: [await described(mediaTypes.layer, layer)],
    ...more,
  });
}

export function documentOf(
  value: { readonly mediaType: string } & Readonly<Record<string, unknown>>,
): PushedManifest {
  const text = JSON.stringify(value);
  const bytes = Buffer.from(text);
  return { mediaType: value.mediaType, digest: digestOf(bytes), size: bytes.length, text };
}

/** Puts it under a tag, or under its digest. */
export function put(
  repository: string,
  { mediaType, digest, text }: PushedManifest,
  reference = digest,
): Promise<Response> {
  return fetch(`${repository}/manifests/${reference}`, {
    method: 'PUT',
    headers: { 'content-type': mediaType },
    body: text,
  });
}

/** `STATUS CODE` of an answer that refuses, for comparing. */
export async function refusalIn(answer: Response): Promise<string> {
  const { errors } = (await answer.json()) as { errors: readonly { code: string; message: string }[] };
  return `${String(answer.status)} ${errors.map(({ code }) => code).join(' ')}`;
}
