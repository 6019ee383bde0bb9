/** Which files of packages the steps in place of maintainer scripts look into. */

const texts = [
  /^usr\/lib\/sysusers\.d\/[^/]+\.conf$/,
  /^usr\/share\/base-passwd\/(?:passwd|group)\.master$/,
  /^usr\/share\/ca-certificates\/.+\.crt$/,
  /^etc\/ld\.so\.conf(?:\.d\/[^/]+\.conf)?$/,
];

const mostBytes = 1024 * 1024;

/** A small file whose bytes a step may want; `path` as in the package, before /usr is merged. */
export function isEffectInput(path: string, size: number): boolean {
  return size <= mostBytes && texts.some((pattern) => pattern.test(path));
}
