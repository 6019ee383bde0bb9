/**
 * The members of a tar archive as files of a layout. The archive is read through once to learn where each member
 * stands, then members are read by their offset, in any order and several at once; nothing is unpacked. Links inside
 * the archive, by which docker and podman name one layer twice, are followed inside it only.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { posix } from 'node:path';
import { escapeText, quoteText } from '../../core/diagnostic/escape-text.ts';
import { extract, type Header } from 'tar-stream';
import { isAbsent, systemWords } from '../store/file-problem.ts';
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
    const members = await indexMembers(file, place);
    return archiveFiles({ file, path, place }, members);
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
  throw ambiguousArchive(place, `${quoteText(name)} is a link to itself`);
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

async function indexMembers(file: FileHandle, place: string): Promise<ReadonlyMap<string, Member>> {
  const members = new Map<string, Member>();
  try {
    await eachHeader(file, (header, start) => {
      addMember(members, { header, start }, place);
    });
  } catch (error) {
    if (error instanceof TransportError) throw error;
    const message = `${place} is damaged or cut short: ${escapeText(systemWords(error))}`;
    throw new TransportError('transport/broken-archive', message, {
      help: 'download or save it again',
      cause: error,
    });
  }
  return members;
}

/** Where members of one name stand twice, programs differ in which one they take. */
function addMember(
  members: Map<string, Member>,
  found: { readonly header: Header; readonly start: number },
  place: string,
): void {
  const { header, start } = found;
  const member = memberOf(header, start);
  if (member === undefined) return;
  const name = posix.normalize(header.name);
  if (members.has(name)) throw ambiguousArchive(place, `two members are called ${quoteText(name)}`);
  if (members.size >= maxMembers)
    throw ambiguousArchive(place, `it has more than ${String(maxMembers)} members`);
  members.set(name, member);
}

function memberOf(header: Header, start: number): Member | undefined {
  const { type, linkname, name, size } = header;
  if (type === 'file' || type === 'contiguous-file') return { type: 'file', start, size };
  if (type === 'link') return { type: 'link', target: posix.normalize(linkname) };
  if (type === 'symlink') {
    return { type: 'link', target: posix.normalize(posix.join(posix.dirname(name), linkname)) };
  }
  return undefined;
}

export function ambiguousArchive(place: string, reason: string): TransportError {
  return new TransportError('transport/ambiguous-archive', `${place} is refused: ${reason}`, {
    help: 'have it made again by the tool that wrote it',
  });
}

/** Calls `found` with each header and the offset of its content. */
function eachHeader(file: FileHandle, found: (header: Header, start: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const archive = extract();
    archive.on('entry', (header, content, next) => {
      try {
        // tar-stream 3.2 says where the content starts; its type declarations do not say so.
        found(header, (header as Header & { byteOffset: number }).byteOffset);
        content.on('end', next);
        content.resume();
      } catch (error) {
        next(error instanceof Error ? error : new Error(String(error)));
      }
    });
    archive.on('error', reject);
    archive.on('finish', resolve);
    const chunks = file.createReadStream({ start: 0, autoClose: false, highWaterMark: 1024 * 1024 });
    chunks.on('error', reject);
    chunks.pipe(archive);
  });
}
