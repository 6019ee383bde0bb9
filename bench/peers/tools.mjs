/** The tools that we are compared with: whether each is installed, and which version. None is needed. */
import { spawnSync } from 'node:child_process';
import { containerifyVersion } from './containerify.mjs';

/** @type {Readonly<Record<string, readonly [string, ...string[]]>>} */
const programs = {
  tar: ['tar', '--version'],
  gzip: ['gzip', '--version'],
  pigz: ['pigz', '--version'],
  zstd: ['zstd', '--version'],
  umoci: ['umoci', '--version'],
  skopeo: ['skopeo', '--version'],
  buildah: ['buildah', '--version'],
  podman: ['podman', '--version'],
  'docker-registry': ['docker-registry', '--version'],
  crane: ['crane', 'version'],
  mmdebstrap: ['mmdebstrap', '--version'],
  npm: ['npm', '--version'],
};

export const toolNames = [...Object.keys(programs), 'containerify'];

/**
 * The version that a tool says it has, or undefined where it is not installed.
 * @param {string} name one of `toolNames`
 * @param {import('../bench.mjs').Bench} bench
 */
export function toolVersion(name, bench) {
  if (name === 'containerify') return containerifyVersion(bench);
  const words = programs[name];
  if (words === undefined) throw new Error(`Bug: no tool ${name}`);
  const [program, ...operands] = words;
  const { status, stdout, stderr } = spawnSync(program, operands, { encoding: 'utf8' });
  if (status !== 0) return undefined;
  return /\d+(\.\d+)+[-+\w]*/.exec(stdout || stderr)?.[0] ?? 'of unknown version';
}
