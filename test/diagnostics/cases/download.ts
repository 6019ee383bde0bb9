/** Servers on loopback that do each thing that the host of a URL can do wrong. */
import type { Diagnostic } from '../../../src/core/diagnostic/diagnostic.ts';
import { diagnosticOf, Failure } from '../../../src/core/diagnostic/failure.ts';
import { digestOf } from '../../../src/core/digest/digest.ts';
import { download } from '../../../src/io/download/download.ts';
import type { DownloadRequest } from '../../../src/io/download/download-request.ts';
import { RegistryClient } from '../../../src/io/registry/registry-client.ts';
import { type RegistrySettings, registrySettings } from '../../../src/io/registry/registry-settings.ts';
import { createMemoryStore } from '../../../src/io/store/memory-store.ts';
import { type Reply, startListener } from '../../rigs/recording-listener.ts';
import type { DiagnosticCase, Made } from '../diagnostic-case.ts';
import { untrustedCertificate } from './untrusted-certificate.ts';

interface Given {
  readonly request?: Partial<DownloadRequest>;
  readonly settings?: Partial<RegistrySettings>;
  readonly tls?: typeof untrustedCertificate;
}

/** Fetches from a server that always gives this reply; what was waited for comes back as warnings. */
async function fetching(reply: Reply, { request, settings, tls }: Given): Promise<Made> {
  const server = await startListener(() => reply, tls === undefined ? {} : { tls });
  try {
    return await fetchingFrom(`${server.origin}/tool`, request, settings);
  } finally {
    await server.stop();
  }
}

async function fetchingFrom(
  url: string,
  request: Partial<DownloadRequest> = {},
  settings: Partial<RegistrySettings> = {},
): Promise<Made> {
  const diagnostics: Diagnostic[] = [];
  const registries = new RegistryClient(
    registrySettings({
      clock: { now: () => 0, wait: () => Promise.resolve() },
      random: () => 0.5,
      retries: { attempts: 2, first: 500, longest: 500, retryAfter: 300_000 },
      onWait: (warning) => diagnostics.push(warning),
      ...settings,
    }),
  );
  const { signal } = new AbortController();
  try {
    const { blobs } = createMemoryStore();
    await download({ url, subject: url, limit: 1000, ...request }, { blobs, registries, signal });
    return { diagnostics };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { diagnostics: [...diagnostics, diagnosticOf(error)] };
  } finally {
    await registries.close();
  }
}

const scrub = (text: string): string => text.replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT');

type Code = DiagnosticCase['code'];

function answered(code: Code, reply: Reply, given: Given = {}): DiagnosticCase {
  return { code, make: () => fetching(reply, given), scrub };
}

function asked(code: Code, url: string, settings: Partial<RegistrySettings> = {}): DiagnosticCase {
  return { code, make: () => fetchingFrom(url, {}, settings), scrub };
}

const body = 'the bytes of a tool';
const digest = digestOf(Buffer.from('the bytes of another tool'));
const credentials = 'the entry of 127.0.0.1 in /home/alice/.netrc';

export const downloadCases: readonly DiagnosticCase[] = [
  asked('download/unreachable', 'http://127.0.0.1:1/tool'),
  answered('download/certificate', { status: 200 }, { tls: untrustedCertificate }),
  answered('download/unavailable', { status: 503 }),
  answered('download/not-found', { status: 404 }),
  answered('download/refused', { status: 418 }),
  answered('download/interrupted', { status: 200, body, fault: 'close-in-body' }),
  answered('download/unauthorised', { status: 403 }, { request: { credentials } }),
  answered('download/redirect-refused', { status: 302, headers: { location: 'http://169.254.169.254/' } }),
  answered('download/too-many-redirects', { status: 302, headers: { location: '/tool' } }),
  asked('download/plain-http', 'http://example.com/tool'),
  answered('download/too-large', { status: 200, body: body.repeat(100) }),
  answered('download/differs', { status: 200, body }, { request: { expected: { digest } } }),
  asked('download/offline', 'https://example.com/tool', { offline: true }),
  answered('download/waiting', { status: 429, headers: { 'retry-after': '7' } }),
];
