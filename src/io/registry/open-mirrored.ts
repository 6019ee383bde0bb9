/** Opens an image for reading where registries.conf says: the first mirror that has it, else its own place. */
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { type ManifestName, resolveManifest } from './manifests.ts';
import { type Place, readingPlaces, tableFor } from './reading-places.ts';
import type { RegistryClient } from './registry-client.ts';
import { RegistryError } from './registry-error.ts';
import type { Repository } from './repository.ts';

export interface ImageName {
  readonly registry: string;
  /** The repository. */
  readonly name: string;
  readonly manifest: ManifestName;
}

/** An image and where it is: everything else of it is read there too. */
export interface OpenedImage {
  readonly repository: Repository;
  readonly root: Descriptor;
}

/**
 * Asks one place after another for the manifest; why a mirror was of no use is told as a warning, `registry/mirror`.
 * Errors: `registry/blocked`; `registry/conf-file`; what the image's own place answers.
 */
export async function openMirrored(
  client: RegistryClient,
  image: ImageName,
  signal: AbortSignal,
): Promise<OpenedImage> {
  const { registry, name, manifest } = image;
  const table = tableFor(await client.settings.registriesConf.tables(registry), image);
  if (table?.blocked === 'blocked') throw blocked(image, table.prefix);
  const by = 'digest' in manifest ? 'digest' : 'tag';
  const [first, ...rest] = readingPlaces(table, { registry, name, by });
  let place = first;
  for (const next of rest) {
    try {
      return await openAt(client, { place, manifest }, signal);
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error;
      tellOf(client, error, next);
      place = next;
    }
  }
  return await openAt(client, { place, manifest }, signal);
}

async function openAt(
  client: RegistryClient,
  at: { readonly place: Place; readonly manifest: ManifestName },
  signal: AbortSignal,
): Promise<OpenedImage> {
  const { registry, name, transport } = at.place;
  const repository = await client.open(registry, name, { purpose: 'read', transport, signal });
  return { repository, root: await resolveManifest(repository, at.manifest, signal) };
}

function tellOf(client: RegistryClient, error: RegistryError, next: Place): void {
  const message = `mirror not used: ${error.message}; asking ${next.registry}/${next.name}`;
  client.settings.onWait({ code: 'registry/mirror', severity: 'warning', message });
}

function blocked({ registry, name }: ImageName, prefix: string): RegistryError {
  return new RegistryError('registry/blocked', {
    subject: { registry, repository: name, action: 'read' },
    found: `registries.conf blocks ${prefix}`,
  });
}
