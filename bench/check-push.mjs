/** Asks a registry whether the image that was pushed is there, whole, and the same. */
import { layersOf } from './layout-bytes.mjs';

/**
 * Throws where the registry has not the image, or not each of its layers.
 * @param {string} host
 * @param {{ layout: string, digest: string }} built
 */
export async function checkPush(host, { layout, digest }) {
  const accept = 'application/vnd.oci.image.manifest.v1+json';
  const names = ['manifests/latest', ...layersOf(layout).map((layer) => `blobs/${layer.digest}`)];
  for (const name of names) {
    const response = await fetch(`http://${host}/v2/bench/${name}`, { method: 'HEAD', headers: { accept } });
    if (!response.ok) throw new Error(`after a push ${host} answers ${response.status} for ${name}`);
    const found = response.headers.get('docker-content-digest');
    if (name === 'manifests/latest' && found !== digest)
      throw new Error(`${digest} was pushed, and ${host} has ${found}`);
  }
}
