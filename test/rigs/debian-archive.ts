/**
 * A small signed Debian archive on loopback: suites are published into it, its files are changed or taken away as a test
 * likes, and it remembers what was asked of it. It answers ETags and ranges, as mirrors do.
 */
import { releaseFiles, type ReleaseSpec, sha256 } from './debian-release.ts';
import { type RecordedRequest, type Reply, startListener } from './recording-listener.ts';

export interface DebianArchive {
  /** Of the server: no slash at its end. */
  readonly origin: string;
  /** Where `publish` puts things unless it is told otherwise: what a recipe's `mirror` names. */
  readonly mirror: string;
  /** Every file by its path below the origin, `debian/dists/…`: set, replaced or deleted at will. */
  readonly files: Map<string, Buffer>;
  /** Adds the suite's files; `under` is another folder than `debian`: a second mirror, or a snapshot of this one. */
  publish(release: ReleaseSpec, under?: string): void;
  /** Paths asked for so far, without the leading slash. */
  asked(): readonly string[];
  readonly requests: readonly RecordedRequest[];
  stop(): Promise<void>;
}

export async function startDebianArchive(): Promise<DebianArchive> {
  const files = new Map<string, Buffer>();
  const listener = await startListener((request) => answer(files, request));
  return {
    origin: listener.origin,
    mirror: `${listener.origin}/debian`,
    files,
    publish: (release, under = 'debian') => {
      for (const [path, bytes] of releaseFiles(release)) files.set(`${under}/${path}`, bytes);
    },
    asked: () => listener.requests.map(({ path }) => path.slice(1)),
    requests: listener.requests,
    stop: () => listener.stop(),
  };
}

function answer(files: ReadonlyMap<string, Buffer>, request: RecordedRequest): Reply {
  const bytes = files.get(decodeURIComponent(request.path.slice(1)));
  if (bytes === undefined) return { status: 404, body: 'no such file\n' };
  const etag = `"${sha256(bytes).slice(0, 16)}"`;
  const headers = { etag, 'accept-ranges': 'bytes' };
  if (request.headers['if-none-match'] === etag) return { status: 304, headers };
  const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
  if (from === undefined) return { status: 200, headers, body: bytes };
  if (Number(from) >= bytes.length)
    return { status: 416, headers: { ...headers, 'content-range': `bytes */${String(bytes.length)}` } };
  const range = `bytes ${from}-${String(bytes.length - 1)}/${String(bytes.length)}`;
  return { status: 206, headers: { ...headers, 'content-range': range }, body: bytes.subarray(Number(from)) };
}

/** The same bytes but for one bit in the middle: a size that fits, a digest that doesn't. */
export function tampered(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  const middle = Math.floor(changed.length / 2);
  changed[middle] = (changed[middle] ?? 0) ^ 1;
  return changed;
}
