/**
 * What answers for docker.io in a test: a loopback registry that holds `node:22-slim`, Debian with Node 22 in it, and the
 * registries.conf that leads there. Nothing of Docker's own image is in it but its name and where Node stands.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nodeOfVersion } from '../../scripts/node-versions.mjs';
import { succeed } from './command.ts';
import { keptInput } from './kept-input.ts';
import { hasProgram, isRoot } from './runtimes.ts';
import { scratchFolder } from './scratch-folder.ts';
import { type ServeCommand, startServeCommand } from './serve-command.ts';
import { debianWithNode } from './whole-path.ts';

export const canServeDockerHub = isRoot && hasProgram('mmdebstrap') && hasProgram('npm');
export const dockerHubNeeds = 'needs root, mmdebstrap with an apt source, npm with a registry';

export interface DockerHub {
  /** Leads every tool to the registry that knows this variable. */
  readonly env: { readonly CONTAINERS_REGISTRIES_CONF: string };
  /** From now on nothing listens there. */
  close(): Promise<void>;
  remove(): void;
}

export function startDockerHub(): Promise<DockerHub> {
  return serveAsDockerHub(nodeImage());
}

/** `layout` holds images that are called docker.io/… */
export async function serveAsDockerHub(layout: string): Promise<DockerHub> {
  const scratch = scratchFolder('docker-hub');
  const server: ServeCommand = await startServeCommand(['--read-only', layout], {
    cwd: scratch.path,
    cache: join(scratch.path, 'cache'),
  });
  const conf = join(scratch.path, 'registries.conf');
  // Other tools than ours know short names only where they are told whose they are.
  const shortNames = 'unqualified-search-registries = ["docker.io"]';
  writeFileSync(
    conf,
    `${shortNames}\n[[registry]]\nprefix = "docker.io"\nlocation = "${server.host}"\ninsecure = true\n`,
  );
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await server.stop();
    isOpen = false;
  };
  return { env: { CONTAINERS_REGISTRIES_CONF: conf }, close, remove: scratch.remove };
}

// Debian's own Node and what only it needs stay out.
const recipe = `image: docker.io/library/node
tags: [22-slim]
compression: none
layers:
  - archive: debian.tar
    exclude: [usr/share/doc, usr/share/man, usr/share/nodejs, usr/bin/node, usr/bin/nodejs, 'usr/lib/*/libnode.so*']
  - copy: node
    to: /usr/local/bin/node
env:
  PATH: /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
cmd: [node]
`;

/** A layout that holds the image. */
function nodeImage(): string {
  const node = nodeOfVersion('22');
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' });
  const script = resolve(import.meta.dirname, '../../examples/debian-rootfs/make-root.sh');
  const made = keptInput({
    name: 'node-slim',
    madeOf: [recipe, version, readFileSync(script, 'utf8')],
    make: (folder) => {
      const project = scratchFolder('node-slim');
      writeFileSync(join(project.path, 'oci.config.yaml'), recipe);
      copyFileSync(join(debianWithNode(), 'debian.tar'), join(project.path, 'debian.tar'));
      copyFileSync(node, join(project.path, 'node'));
      const options = { cwd: project.path, cache: join(project.path, 'cache') };
      succeed(['build', '-q', '-o', `oci:${join(folder, 'layout')}`], options);
      project.remove();
    },
  });
  return join(made, 'layout');
}
