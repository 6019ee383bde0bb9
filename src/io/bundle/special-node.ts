/** Fifos and devices, made by mkfifo(1) and mknod(1) in the held folder. */
import { lstatSync } from 'node:fs';
import type { Metadata } from '../../core/tree/file-tree.ts';
import type { ImagePath } from '../../core/tree/image-path.ts';
import { errorCode } from '../store/file-problem.ts';
import { type HeldFolder, pathBelow } from './held-folder.ts';
import { runTool, toolPath } from './system-tool.ts';

export type SpecialEntry = Metadata & { readonly path: ImagePath } & (
    | { readonly type: 'fifo' }
    | { readonly type: 'block-device' | 'character-device'; readonly major: number; readonly minor: number }
  );

/** Makes the node; false where this computer or this user cannot. Nothing may stand at the name. */
export function makeSpecialNode(folder: HeldFolder, name: string, entry: SpecialEntry): boolean {
  runTool({ ...commandFor(entry, toolPath(name)), folderFd: folder.fd });
  return hasType(pathBelow(folder.fd, name), entry.type);
}

function commandFor(entry: SpecialEntry, path: string) {
  if (entry.type === 'fifo') {
    return { command: ['mkfifo', '-m', '600'] as const, perRun: 1, argumentList: [path] };
  }
  const letter = entry.type === 'block-device' ? 'b' : 'c';
  const argumentList = [path, letter, String(entry.major), String(entry.minor)];
  return { command: ['mknod', '-m', '600'] as const, perRun: 4, argumentList };
}

function hasType(path: string | Buffer, type: SpecialEntry['type']): boolean {
  try {
    const stats = lstatSync(path);
    if (type === 'fifo') return stats.isFIFO();
    return type === 'block-device' ? stats.isBlockDevice() : stats.isCharacterDevice();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
