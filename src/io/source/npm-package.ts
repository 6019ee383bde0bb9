/** The files of a package out of its tarball in the store, read once. */
import { createHash, type Hash } from 'node:crypto';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { Failure } from '../../core/diagnostic/failure.ts';
import { type Digest, trustedDigest } from '../../core/digest/digest.ts';
import { createPackageFiles, type PackageFiles, type PackageTree } from '../../core/npm/package-files.ts';
import type { TarEntry, TarLimits, TarStep } from '../../core/tar/tar-entry.ts';
import { defaultTarLimits } from '../../core/tar/tar-limits.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import { readLayer } from '../layer/read-layer.ts';
import { readSound } from '../store/read-sound.ts';
import type { BlobStore } from '../store/store.ts';

const gibibyte = 1024 * 1024 * 1024;

/** Larger than any package that a registry takes. */
const limits: TarLimits = { ...defaultTarLimits, maxTotalBytes: 4 * gibibyte };

/** `subject` names the package in what is thrown: Failures of the reader (`layer/…`) and of the store. */
export async function readPackage(blobs: BlobStore, tarball: Digest, subject: string): Promise<PackageTree> {
  try {
    return await readSound(blobs, tarball, (chunks) => filesOf(chunks));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, `npm package ${quoteText(subject)}: ${error.message}`, {
      cause: error,
      ...(error.help === undefined ? {} : { help: error.help }),
    });
  }
}

interface State {
  readonly files: PackageFiles;
  open: OpenFile | undefined;
}

interface OpenFile {
  readonly entry: Extract<TarEntry, { type: 'file' }>;
  readonly path: ImagePath;
  readonly offset: number;
  readonly hash: Hash;
  /** The content, as long as it may have to be rewritten. */
  parts: Uint8Array[] | undefined;
}

async function filesOf(chunks: AsyncIterable<Uint8Array>): Promise<PackageTree> {
  const state: State = { files: createPackageFiles(), open: undefined };
  const reading = readLayer({ chunks, mediaType: undefined, limits, afterGzip: 'zeros' });
  for await (const steps of reading.steps) for (const step of steps) take(step, state);
  return state.files.tree();
}

function take(step: TarStep, state: State): void {
  if (step.type === 'entry') state.open = openEntry(step, state.files);
  else if (step.type === 'content') takeContent(step.bytes, state.open);
  else finishFile(state);
}

function openEntry(
  { entry, offset }: Extract<TarStep, { type: 'entry' }>,
  files: PackageFiles,
): OpenFile | undefined {
  const path = files.place(entry);
  if (path === undefined || entry.type !== 'file') return undefined;
  return { entry, path, offset, hash: createHash('sha256'), parts: [] };
}

function takeContent(bytes: Uint8Array, file: OpenFile | undefined): void {
  if (file === undefined) return;
  file.hash.update(bytes);
  if (file.parts?.length === 0 && !startsAsScript(bytes)) file.parts = undefined;
  // The bytes are the reader's only until the next step.
  file.parts?.push(Uint8Array.from(bytes));
}

function startsAsScript(bytes: Uint8Array): boolean {
  return bytes[0] === 0x23 && (bytes.length < 2 || bytes[1] === 0x21);
}

function finishFile(state: State): void {
  if (state.open === undefined) return;
  const { entry, path, offset, hash, parts } = state.open;
  const digest = trustedDigest(`sha256:${hash.digest('hex')}`);
  const script = parts === undefined ? undefined : unixScript(Buffer.concat(parts));
  state.files.add(path, { entry, digest, offset, ...(script === undefined ? {} : { script }) });
  state.open = undefined;
}

/** bin-links fix-bin.js: looks at so much of a file. */
const lookedAt = 2048;

/** The content with a line feed after its first line, where Windows ended that; undefined where it is right already. */
function unixScript(content: Buffer): string | undefined {
  if (!/^#![^\n]+\r\n/.test(content.toString('utf8', 0, lookedAt))) return undefined;
  return content.toString('utf8').replace(/^(#![^\n]+)\r\n/, '$1\n');
}
