/** The seccomp profile that `runtime.seccomp` names as a file. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { escapeText, quoteText } from '../../core/diagnostic/escape-text.ts';
import { suggest, suggestionAnd } from '../../core/diagnostic/suggest.ts';
import { maxSeccompBytes, parseSeccompProfile } from '../../core/oci/read-seccomp.ts';
import type { SeccompProfile } from '../../core/oci/seccomp-profile.ts';
import { errorCode } from '../store/file-problem.ts';
import { BundleError } from './bundle-error.ts';

/** `folder` is where a relative name starts. Throws BundleError `bundle/bad-runtime`. */
export function readSeccompFile(name: string, folder: string): SeccompProfile {
  const parsed = parseSeccompProfile(bytesOf(name, resolve(folder, name)));
  if (parsed.ok) return parsed.value;
  const [{ pointer, message }] = parsed.problems;
  throw badProfile(name, `${pointer === '' ? 'it' : `\`${escapeText(pointer)}\``} ${escapeText(message)}`);
}

/** Anything but a small file is refused before it is read: a fifo would never end. */
function bytesOf(name: string, path: string): Uint8Array {
  let fd: number | undefined;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw badProfile(name, 'it is no regular file');
    if (stats.size > maxSeccompBytes)
      throw badProfile(name, `it has more than ${String(maxSeccompBytes)} bytes`);
    return readFileSync(fd);
  } catch (error) {
    if (error instanceof BundleError) throw error;
    const code = errorCode(error);
    throw badProfile(
      name,
      code === 'ENOENT' ? 'it is not there' : `it cannot be read (${code ?? 'unknown'})`,
    );
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

function badProfile(name: string, why: string): BundleError {
  const word = suggest(name, ['default', 'unconfined']);
  const near = word === undefined ? undefined : `did you mean \`${word}\`?`;
  return new BundleError(
    'bundle/bad-runtime',
    `the seccomp profile ${quoteText(name)} cannot be used: ${why}`,
    { help: suggestionAnd(near, 'name a JSON file with a profile, or write `seccomp: default`') },
  );
}
