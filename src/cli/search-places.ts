/** The names that a recipe may have where nobody names it (recipe.md, Finding the file). */

/** In the order they are looked for; two of them in one folder are an error, whatever their order. */
export const searchPlaces: readonly string[] = [
  ...['oci.config.yaml', 'oci.config.yml', 'oci.config.json'],
  ...['.config/oci.yaml', '.config/oci.yml', '.config/oci.json'],
  ...['.ocirc', '.ocirc.yaml', '.ocirc.yml', '.ocirc.json'],
  'package.json',
];
