/** Where images may be delivered to, as the command line and `outputs` write it. */
import { escapeText } from '../core/diagnostic/escape-text.ts';
import { suggest } from '../core/diagnostic/suggest.ts';
import { parseTransportReference, type TransportReference } from '../core/recipe/transport-reference.ts';
import { CommandError } from './command-error.ts';

const transports = ['oci', 'oci-archive', 'docker-archive', 'bundle', 'rootfs'];

/** `where` is what the text was given for, such as `-o`. Throws `command/bad-argument`. */
export function destinationOf(written: string, where?: string): TransportReference {
  if (where !== undefined && written.includes('${{')) throw noSubstitution(written, where);
  const parsed = parseTransportReference(written);
  if (!parsed.ok) throw noDestination(written, parsed.reason, where);
  if (parsed.value.transport === 'store')
    throw noDestination(written, 'the store is written by builds alone', where);
  // A bare name stands for Docker Hub's own images, which nobody can push: a slip in `oci:out` looks like one.
  if (parsed.value.transport === 'registry' && !written.includes('/'))
    throw noDestination(written, 'it names no registry', where);
  return parsed.value;
}

/** It would make a folder of that name, and each of several images would go there. */
function noSubstitution(written: string, where: string): CommandError {
  const message = `${where}: \`${escapeText(written)}\` has a substitution, which only a recipe’s texts can have`;
  return new CommandError('command/bad-argument', message, {
    help: 'write it as one of the recipe’s `outputs`, or name the place itself',
  });
}

function noDestination(written: string, reason: string, where: string | undefined): CommandError {
  const [scheme = ''] = written.split(':', 1);
  const near = written.includes(':') ? suggest(scheme, transports) : undefined;
  const meant = near === undefined || near === scheme ? undefined : `${near}${written.slice(scheme.length)}`;
  const message = `\`${escapeText(written)}\` is no destination: ${reason}`;
  return new CommandError('command/bad-argument', where === undefined ? message : `${where}: ${message}`, {
    help:
      meant === undefined
        ? 'write oci:DIR, oci-archive:FILE, docker-archive:FILE, bundle:DIR, rootfs:DIR or REGISTRY/REPOSITORY:TAG'
        : `did you mean \`${escapeText(meant)}\`?`,
  });
}
