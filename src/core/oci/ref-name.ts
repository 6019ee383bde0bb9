/** The names of images in a layout (image-spec annotations.md, `org.opencontainers.image.ref.name`). */

/**
 * `component("/"component)*`; a component is letters and digits with one of `-._:@+` or `--` between them.
 * Time is linear: separators and letters are disjoint.
 */
export function isRefName(text: string): boolean {
  return text
    .split('/')
    .every((component) => /^[A-Za-z0-9]+(?:(?:--|[-._:@+])[A-Za-z0-9]+)*$/.test(component));
}
