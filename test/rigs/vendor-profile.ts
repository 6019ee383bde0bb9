/**
 * A real docker-registry behind a proxy that puts the oddities of one vendor before it (safety.md, Registry behaviour
 * the client must handle). vendors/ has a small file for each; where an oddity was reported, the file names the place.
 */
import { request as httpRequest } from 'node:http';
import {
  type RecordedRequest,
  type RecordingListener,
  type Reply,
  errorDocument,
  json,
  startListener,
} from './recording-listener.ts';

/** Answers in its own way, or lets the registry answer. Made anew for each proxy: it may remember things. */
export type Vendor = (request: RecordedRequest, world: VendorWorld) => Reply | Promise<Reply>;

export interface VendorWorld {
  /** What the registry answers to this request. */
  forward(request: RecordedRequest): Promise<Reply>;
  /** The proxy's own `http://127.0.0.1:PORT`. */
  readonly origin: string;
}

export async function startVendor(vendor: Vendor, registryHost: string): Promise<RecordingListener> {
  let origin = '';
  const forward = (request: RecordedRequest): Promise<Reply> => forwardTo(registryHost, request);
  const listener = await startListener((request) => vendor(request, { forward, origin }));
  origin = listener.origin;
  return listener;
}

/** An error document of the distribution spec. */
export function refusal(status: number, code: string, message = 'no'): Reply {
  return json(status, errorDocument(code, message));
}

export function isUpload({ path }: RecordedRequest): boolean {
  return path.includes('/blobs/uploads/');
}

export function isMount({ method, query }: RecordedRequest): boolean {
  return method === 'POST' && query.has('mount');
}

export function isManifest({ path }: RecordedRequest): boolean {
  return path.includes('/manifests/');
}

// With the Host that the client asked for, from which the registry makes its Locations.
function forwardTo(host: string, request: RecordedRequest): Promise<Reply> {
  const { method, url, headers, body } = request;
  const { authorization: _, 'transfer-encoding': __, ...kept } = headers;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(`http://${host}${url}`, { method, headers: kept }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const passed = Object.entries(answer.headers).filter(([name]) => name !== 'transfer-encoding');
        const status = answer.statusCode ?? 500;
        resolve({
          status,
          headers: Object.fromEntries(passed) as Reply['headers'] & object,
          body: Buffer.concat(chunks),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
