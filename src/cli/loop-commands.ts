/** The commands of the daily loop, from the first recipe on. */
import { Option } from 'commander';
import type { CommandSpec } from './command-spec.ts';

const initCommand: CommandSpec = {
  name: 'init',
  description: 'write the first recipe of a project',
  operands: [['[dir]', 'the project’s folder; the working folder where none is named']],
  options: [
    new Option('--image <reference>', 'what the image is called, such as ghcr.io/acme/api'),
    new Option('--from <reference>', 'what it builds on'),
    new Option('--force', 'replace an oci.config.yaml that is there'),
  ],
  examples: [
    'layerwright init',
    'layerwright init services/api --image ghcr.io/acme/api',
    'layerwright init --from node:24-slim --force',
  ],
  load: async () => (await import('./commands/init.ts')).runInit,
};

export function loopCommands(): CommandSpec[] {
  return [initCommand];
}
