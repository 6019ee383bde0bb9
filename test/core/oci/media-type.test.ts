import { describe, expect, it } from 'vitest';
import { ociMediaType } from '../../../src/core/oci/docker-compat.ts';
import {
  isConfigType,
  isForeignLayerType,
  isIndexType,
  isLayerType,
  isManifestType,
  layerCompression,
  mediaTypes,
} from '../../../src/core/oci/media-type.ts';

const foreign = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip';
const nondistributable = 'application/vnd.oci.image.layer.nondistributable.v1.tar';

describe('media types', () => {
  it.each<readonly [string, string, string | undefined, string]>([
    [mediaTypes.manifest, 'manifest', undefined, mediaTypes.manifest],
    [mediaTypes.dockerManifest, 'manifest', undefined, mediaTypes.manifest],
    [mediaTypes.index, 'index', undefined, mediaTypes.index],
    [mediaTypes.dockerManifestList, 'index', undefined, mediaTypes.index],
    [mediaTypes.config, 'config', undefined, mediaTypes.config],
    [mediaTypes.dockerConfig, 'config', undefined, mediaTypes.config],
    [mediaTypes.layer, 'layer', 'none', mediaTypes.layer],
    [mediaTypes.layerGzip, 'layer', 'gzip', mediaTypes.layerGzip],
    [mediaTypes.layerZstd, 'layer', 'zstd', mediaTypes.layerZstd],
    [mediaTypes.dockerLayer, 'layer', 'none', mediaTypes.layer],
    [mediaTypes.dockerLayerGzip, 'layer', 'gzip', mediaTypes.layerGzip],
    [mediaTypes.dockerLayerZstd, 'layer', 'zstd', mediaTypes.layerZstd],
    [foreign, 'foreign layer', 'gzip', `${nondistributable}+gzip`],
    ['application/vnd.docker.image.rootfs.foreign.diff.tar', 'foreign layer', 'none', nondistributable],
    [nondistributable, 'foreign layer', 'none', nondistributable],
    [`${nondistributable}+zstd`, 'foreign layer', 'zstd', `${nondistributable}+zstd`],
    [mediaTypes.empty, '', undefined, mediaTypes.empty],
    [`${mediaTypes.layer}+bzip2`, '', undefined, `${mediaTypes.layer}+bzip2`],
    [`${mediaTypes.layer}.gzip`, '', undefined, `${mediaTypes.layer}.gzip`],
    [`${mediaTypes.dockerLayer}+gzip`, '', undefined, `${mediaTypes.dockerLayer}+gzip`],
    [`${mediaTypes.layerGzip}\n`, '', undefined, `${mediaTypes.layerGzip}\n`],
    ['application/octet-stream', '', undefined, 'application/octet-stream'],
  ])('know %j as %s, packed as %s', (...row) => {
    const [mediaType, kind, compression, oci] = row;
    const kinds = [
      isManifestType(mediaType) ? 'manifest' : '',
      isIndexType(mediaType) ? 'index' : '',
      isConfigType(mediaType) ? 'config' : '',
      isForeignLayerType(mediaType) ? 'foreign layer' : isLayerType(mediaType) ? 'layer' : '',
    ];
    expect(kinds.join('')).toBe(kind);
    expect(layerCompression(mediaType)).toBe(compression);
    expect(ociMediaType(mediaType)).toBe(oci);
  });
});
