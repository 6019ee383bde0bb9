/** Documents of images, read by the one strict reader (core/oci/parse-document.ts); what it refuses is thrown. */
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { ImageConfig } from '../../core/oci/image-config.ts';
import {
  type ManifestDocument,
  parseImageConfig,
  type Parsed,
  parseManifestDocument,
} from '../../core/oci/parse-document.ts';
import { maxDocumentBytes } from '../../core/oci/strict-json.ts';
import { TransportError } from './transport-error.ts';

/** Bytes of a manifest, an index or a config (distribution-spec, Pushing Manifests). */
export const documentLimit = maxDocumentBytes;

/**
 * A manifest or an index. `place` is where it stands, for messages; `mediaType` what its descriptor says. Throws
 * TransportError `transport/bad-document`.
 */
export function readManifest(
  bytes: Uint8Array,
  expected: { readonly mediaType?: string; readonly place: string },
): ManifestDocument {
  const { mediaType, place } = expected;
  return believed(parseManifestDocument(bytes, mediaType === undefined ? {} : { mediaType }), place);
}

/** Throws TransportError `transport/bad-document`. */
export function readConfig(bytes: Uint8Array, place: string): ImageConfig {
  return believed(parseImageConfig(bytes), place);
}

/** The value, or TransportError `transport/bad-document` with the first problem that was found. */
export function believed<T>(parsed: Parsed<T>, place: string): T {
  if (parsed.ok) return parsed.value;
  const [{ pointer, message }] = parsed.problems;
  throw badDocument(place, `${pointer === '' ? 'it' : `\`${escapeText(pointer)}\``} ${message}`);
}

/** `reason` ends the sentence "PLACE is refused: …" and is safe to print. */
export function badDocument(place: string, reason: string): TransportError {
  return new TransportError('transport/bad-document', `${escapeText(place)} is refused: ${reason}`, {
    help: 'have it made again by the tool that wrote it, or name another image',
  });
}

/** The descriptors directly below a document: config and layers, or manifests. */
export function childrenOf(document: ManifestDocument): readonly Descriptor[] {
  if (document.kind === 'index') return document.index.manifests;
  return [document.manifest.config, ...document.manifest.layers];
}
