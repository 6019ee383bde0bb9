/** Surroundings for what only parses: an empty environment, nothing on stdin, and output that goes where the test says. */
import { Readable } from 'node:stream';
import type { Surroundings } from '../../src/cli/surroundings.ts';

export function silentSurroundings(write: (text: string) => void = () => undefined): Surroundings {
  const stream = {
    write: (text: string | Uint8Array) => write(text.toString()),
    lost: new AbortController().signal,
    isTty: false,
    columns: 80,
    rows: 24,
  };
  return {
    cwd: '/',
    env: {},
    home: '/',
    uid: 0,
    stdin: Readable.from([]),
    stdout: stream,
    stderr: stream,
    keepSecret: () => undefined,
    processors: 1,
    nodeVersion: 'v20.19.0',
    program: [process.execPath, 'dist/cli.js'],
    signal: new AbortController().signal,
    listen: () => () => undefined,
    now: () => 0,
  };
}
