/**
 * Attaches a note to an image in a registry, as an artifact that refers to it, and lists what refers to the image. The
 * image and its digest stay as they are.
 *
 *     node attach-note.mjs REGISTRY REPOSITORY TAG NOTE
 */
import {
  attachReferrer,
  bodyOf,
  credentialsOf,
  digestOf,
  listReferrers,
  RegistryClient,
  registrySettings,
  resolveManifest,
  writeBlob,
} from 'layerwright/registry';

const [registry = '', name = '', tag = '', note = ''] = process.argv.slice(2);
const { signal } = new AbortController();
const type = 'application/vnd.example.note';

const credentials = credentialsOf({ environment: process.env, home: process.env['HOME'] ?? '/' });
const client = new RegistryClient(registrySettings({ credentials }));
try {
  const repository = await client.open(registry, name, { purpose: 'write', signal });
  const subject = await resolveManifest(repository, { tag }, signal);

  // image-spec manifest.md, Guidelines for Artifact Usage: the empty config, and the note as the one layer.
  const empty = await put(Buffer.from('{}'), 'application/vnd.oci.empty.v1+json');
  const layer = await put(Buffer.from(note), 'text/plain');
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = {
    schemaVersion: 2,
    mediaType,
    artifactType: type,
    config: empty,
    layers: [layer],
    subject,
  };
  const bytes = Buffer.from(JSON.stringify(manifest));
  await attachReferrer(repository, { bytes, descriptor: describe(bytes, mediaType) }, signal);

  for (const { digest } of await listReferrers(repository, subject.digest, { artifactType: type, signal })) {
    process.stdout.write(`${digest}\n`);
  }

  /** Uploads what one layer or config holds. */
  async function put(/** @type {Uint8Array} */ content, /** @type {string} */ contentType) {
    const descriptor = describe(content, contentType);
    await writeBlob(repository, { digest: descriptor.digest, body: bodyOf(content), signal });
    return descriptor;
  }
} finally {
  await client.close();
}

/** @param {Uint8Array} content @param {string} mediaType */
function describe(content, mediaType) {
  return { mediaType, digest: digestOf(content), size: content.length };
}
