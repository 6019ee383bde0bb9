/** A name for an image, out of what a project or its folder is called. */

/**
 * A repository of the distribution spec: `@acme/My_App` becomes `localhost/acme/my_app`. The host is this computer
 * where the name has none, so that nothing is pushed to a registry that nobody chose.
 */
export function imageName(name: string): string {
  const parts = name
    .replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32))
    .split('/')
    .map((part) =>
      part
        .replace(/[^a-z0-9._-]+/g, '-')
        .replace(/([._-])[._-]+/g, '$1')
        .replace(/^[._-]+|[._-]+$/g, ''),
    )
    .filter((part) => part !== '');
  const path = parts.length === 0 ? 'image' : parts.join('/');
  return name.startsWith('ghcr.io/') ? path : `localhost/${path}`;
}
