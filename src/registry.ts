/**
 * A client for OCI registries (distribution spec 1.1), without the rest of layerwright: `layerwright/registry`.
 *
 *     const client = new RegistryClient(registrySettings({ credentials }));
 *     const repository = await client.open('ghcr.io', 'acme/api', { purpose: 'read', signal });
 *     const root = await resolveManifest(repository, { tag: '1.4.0' }, signal);
 *
 * docs/library.md walks it; examples/registry-client is run by a test.
 */
export { RegistryClient, type OpenOptions } from './io/registry/registry-client.ts';
export type { Purpose, Repository } from './io/registry/repository.ts';
export {
  proxyFromEnvironment,
  registrySettings,
  type AuthRealm,
  type ProxySettings,
  type RegistrySettings,
  type Retries,
  type Timeouts,
} from './io/registry/registry-settings.ts';
export type { Clock } from './io/registry/clock.ts';
export type { Credential, CredentialQuestion, Credentials } from './io/registry/credential.ts';
export { credentialsOf, firstOf, type CredentialPlaces } from './io/registry/credentials.ts';
export { Secret } from './io/registry/secret.ts';
export { quirks, type Quirk } from './io/registry/quirks.ts';
export {
  registriesConfOf,
  type ConfPlaces,
  type RegistriesConf,
} from './io/registry/registries-conf-files.ts';
export type { Mirror, RegistryTable, Transport } from './io/registry/registries-conf.ts';
export { openMirrored, type ImageName, type OpenedImage } from './io/registry/open-mirrored.ts';
export {
  findManifest,
  readManifest,
  resolveManifest,
  writeManifest,
  type FetchedManifest,
  type ManifestName,
  type ManifestWritten,
} from './io/registry/manifests.ts';
export { fetchBlob, readBlob } from './io/registry/read-blob.ts';
export {
  hasBlob,
  lookForBlob,
  writeBlob,
  type BlobState,
  type BlobToWrite,
  type BlobWritten,
} from './io/registry/write-blob.ts';
export { bodyOf, type RequestBody } from './io/registry/request-body.ts';
export { listReferrers, type ReferrersQuery } from './io/registry/referrers.ts';
export { attachReferrer, type ListedBy } from './io/registry/attach-referrer.ts';
export { RegistryError, type RegistryErrorFacts, type RequestSubject } from './io/registry/registry-error.ts';
export { createMemoryStore } from './io/store/memory-store.ts';
export type { Descriptor } from './core/oci/descriptor.ts';
export { digestOf, parseDigest, type Digest } from './core/digest/digest.ts';
