/**
 * Writes a tar archive whose bytes depend on its members alone: in the order of their names, with fixed modes, no
 * owner, and the time 0.
 */
import { closeSync, lstatSync, openSync, renameSync } from 'node:fs';
import { type Header, pack, type Pack } from 'tar-stream';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { removeQuietly, syncFile, writeFully } from '../store/durable-file.ts';
import { stagingPath } from './staging.ts';
import { TransportError } from './transport-error.ts';

export interface ArchiveFile {
  /** Relative, without `.` and `..`. Folders above are written too. */
  readonly name: string;
  readonly size: number;
  readonly chunks: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/** Takes the next bytes; what it throws ends the writing and is thrown. */
export type TakeBytes = (bytes: Uint8Array) => void | Promise<void>;

/**
 * Replaces the file at `path` by the archive, atomically. Throws TransportError `transport/not-ours` where something
 * other than a file stands there, and the system's own errors.
 */
export async function replaceArchive(path: string, files: readonly ArchiveFile[]): Promise<void> {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === false) {
    throw new TransportError(
      'transport/not-ours',
      `${escapeText(path)} exists and is no file; nothing was touched`,
      {
        help: 'name a new file, or remove what stands there',
      },
    );
  }
  const staging = stagingPath(path);
  const fd = openSync(staging, 'wx');
  try {
    try {
      await writeArchive(files, (bytes) => {
        writeFully(fd, bytes);
      });
      await syncFile(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(staging, path);
  } catch (error) {
    removeQuietly(staging);
    throw error;
  }
}

/** Gives the archive to `take`, in order, each call after the one before has ended. */
export async function writeArchive(files: readonly ArchiveFile[], take: TakeBytes): Promise<void> {
  const archive = pack();
  // What goes wrong is told by `run`; an `error` event that nobody hears would end the process.
  archive.on('error', () => undefined);
  const run: Run = { archive, take, causes: [] };
  await Promise.allSettled([takeAll(run), fill(run, membersOf(files))]);
  if (run.causes.length > 0) throw run.causes[0];
}

interface Run {
  readonly archive: Pack;
  readonly take: TakeBytes;
  /** The first is the cause; the streams' complaints about being destroyed come after it. */
  readonly causes: unknown[];
}

async function takeAll({ archive, take, causes }: Run): Promise<void> {
  try {
    for await (const bytes of archive as AsyncIterable<Uint8Array>) {
      try {
        await take(bytes);
      } catch (error) {
        causes.push(error);
        throw error;
      }
    }
  } catch (error) {
    causes.push(error);
  }
}

async function fill({ archive, causes }: Run, members: readonly Member[]): Promise<void> {
  try {
    for (const member of members) await addMember(archive, member);
    archive.finalize();
  } catch (error) {
    causes.push(error);
    archive.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Where an archive takes the content of a member. */
type Sink = ReturnType<Pack['entry']>;

type Member = Partial<Header> & {
  readonly name: string;
  readonly chunks?: ArchiveFile['chunks'];
};

const common = { uid: 0, gid: 0, uname: '', gname: '', mtime: new Date(0) };

function membersOf(files: readonly ArchiveFile[]): readonly Member[] {
  const folders = new Set(files.flatMap(({ name }) => foldersAbove(name)));
  const members: Member[] = [
    ...files.map((file) => ({ ...common, ...file, type: 'file' as const, mode: 0o644 })),
    ...[...folders].map((name) => ({ ...common, name: `${name}/`, type: 'directory' as const, mode: 0o755 })),
  ];
  return members.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function foldersAbove(name: string): string[] {
  const parts = name.split('/').slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

function addMember(archive: Pack, { chunks, ...header }: Member): Promise<void> {
  return new Promise((resolve, reject) => {
    const entry = archive.entry({ ...header }, (error) => {
      if (error) reject(error);
      else resolve();
    });
    if (chunks === undefined) return;
    entry.on('error', () => undefined);
    feed(entry, chunks()).catch(reject);
  });
}

async function feed(entry: Sink, chunks: ReturnType<ArchiveFile['chunks']>): Promise<void> {
  for await (const chunk of chunks) {
    if (!entry.write(chunk)) await drained(entry);
  }
  entry.end(undefined);
}

function drained(entry: Sink): Promise<void> {
  return new Promise((resolve, reject) => {
    const closed = (): void => {
      reject(new Error('the archive was closed'));
    };
    entry.once('close', closed);
    entry.once('drain', () => {
      entry.off('close', closed);
      resolve();
    });
  });
}
