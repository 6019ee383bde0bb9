/**
 * The members of a tar archive as files of a layout. The archive is read through once to learn where each member
 * stands, then members are read by their offset, in any order and several at once; nothing is unpacked. Links inside
 * the archive, by which docker and podman name one layer twice, are followed inside it only.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { posix } from 'node:path';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { LayerError } from '../../core/tar/layer-error.ts';
import type { TarEntry } from '../../core/tar/tar-entry.ts';
import { defaultTarLimits } from '../../core/tar/tar-limits.ts';
import { createTarReader } from '../../core/tar/tar-reader.ts';
import { isAbsent } from '../store/file-problem.ts';
import { readRange } from './folder-files.ts';
import { fileMissing, type LayoutFiles } from './layout-files.ts';
import { TransportError, transportErrorOf } from './transport-error.ts';

type Member =
  | { readonly type: 'file'; readonly start: number; readonly size: number }
  | { readonly type: 'link'; readonly target: string };

/** Throws TransportError `transport/not-found`, `transport/not-an-image`, `transport/broken-archive`, … */
export async function openArchive(path: string, place: string): Promise<LayoutFiles> {
  const file = await openFile(path, place);
  try {
    await requireTar(file, place);
    const archive = { file, path, place };
    return archiveFiles(archive, await indexMembers(archive));
  } catch (error) {
    await file.close();
    throw transportErrorOf(error, 'reading', path);
  }
}

interface Archive {
  readonly file: FileHandle;
  readonly path: string;
  readonly place: string;
}

function archiveFiles(archive: Archive, members: ReadonlyMap<string, Member>): LayoutFiles {
  const { file, path, place } = archive;
  return {
    place,
    size: (name) => Promise.resolve().then(() => findMember(members, name, place)?.size),
    read: async function* (name, start = 0) {
      const member = findMember(members, name, place);
      if (member === undefined) throw fileMissing(name, place);
      const end = member.start + member.size;
      yield* readRange(file, { start: member.start + start, end, path });
    },
    close: () => file.close(),
  };
}

const maxLinks = 16;

function findMember(
  members: ReadonlyMap<string, Member>,
  name: string,
  place: string,
): (Member & { type: 'file' }) | undefined {
  let at = name;
  for (let links = 0; links <= maxLinks; links += 1) {
    const member = members.get(at);
    if (member?.type !== 'link') return member;
    at = member.target;
  }
  throw refusedArchive(place, `${quoteText(name)} is a link to itself`);
}

async function openFile(path: string, place: string): Promise<FileHandle> {
  try {
    const file = await open(path, 'r');
    if ((await file.stat()).isFile()) return file;
    await file.close();
    throw new TransportError('transport/not-an-image', `${place} is no file`, {
      help: 'a folder with an image layout is named by oci:DIR',
    });
  } catch (error) {
    if (!isAbsent(error)) throw transportErrorOf(error, 'opening', path);
    throw new TransportError('transport/not-found', `${place} is not there`, { help: 'check the path' });
  }
}

const compressions: readonly (readonly [string, string])[] = [
  ['1f8b', 'gunzip'],
  ['28b5', 'unzstd'],
  ['fd37', 'unxz'],
  ['425a', 'bunzip2'],
];

/** Members are read by offset, so a compressed archive has to be unpacked by its owner first. */
async function requireTar(file: FileHandle, place: string): Promise<void> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(512), 0, 512, 0);
  if (bytesRead === 512 && buffer.toString('latin1', 257, 262) === 'ustar') return;
  const tool = compressions.find(([magic]) => buffer.toString('hex').startsWith(magic))?.[1];
  const found = tool === undefined ? 'no tar archive' : 'compressed';
  throw new TransportError('transport/not-an-image', `${place} is ${found}`, {
    help:
      tool === undefined
        ? 'name a file that docker save, podman save, skopeo or layerwright wrote'
        : `unpack it first: ${tool} FILE`,
  });
}

const maxMembers = 100_000;

/** By the one tar reader that we trust with bytes from outside, which refuses what programs read differently. */
async function indexMembers(archive: Archive): Promise<ReadonlyMap<string, Member>> {
  const { file, path, place } = archive;
  const members = new Map<string, Member>();
  const reader = createTarReader({ ...defaultTarLimits, maxEntries: maxMembers });
  try {
    for await (const chunk of readRange(file, { start: 0, end: Infinity, path })) {
      for (const step of reader.push(chunk)) {
        if (step.type === 'entry') addMember(members, step, place);
      }
    }
    reader.end();
  } catch (error) {
    if (!(error instanceof LayerError)) throw error;
    if (error.code !== 'layer/truncated') throw refusedArchive(place, error.message);
    throw new TransportError('transport/broken-archive', `${place} is cut short: ${error.message}`, {
      help: 'download or save it again',
    });
  }
  return members;
}

/** Where members of one name stand twice, programs differ in which one they take. */
function addMember(
  members: Map<string, Member>,
  found: { readonly entry: TarEntry; readonly offset: number },
  place: string,
): void {
  const member = memberOf(found.entry, found.offset);
  if (member === undefined) return;
  const name = found.entry.path;
  if (members.has(name)) throw refusedArchive(place, `two members are called ${quoteText(name)}`);
  members.set(name, member);
}

function memberOf(entry: TarEntry, start: number): Member | undefined {
  switch (entry.type) {
    case 'file':
      return { type: 'file', start, size: entry.size };
    case 'hardlink':
      return { type: 'link', target: entry.target };
    case 'symlink':
      return { type: 'link', target: posix.normalize(posix.join(posix.dirname(entry.path), entry.target)) };
    default:
      return undefined;
  }
}

export function refusedArchive(place: string, reason: string): TransportError {
  return new TransportError('transport/refused-archive', `${place} is refused: ${reason}`, {
    help: 'have it made again by the tool that wrote it',
  });
}
