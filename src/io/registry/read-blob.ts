/**
 * Blobs of a repository, read (distribution spec, Pulling blobs). The bytes are as many as declared or the reading
 * fails; whether they are the right ones is found by whoever stores them, as `fetchBlob` does. Foreign `urls` of a
 * descriptor are never contacted.
 */
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { Failure } from '../../core/diagnostic/failure.ts';
import type { BlobFacts, BlobStore } from '../store/store.ts';
import { rangeHeader, rangeStatuses, startOfAnswer } from './blob-range.ts';
import { RegistryError, type RequestSubject } from './registry-error.ts';
import { type Repository, subjectIn, urlIn } from './repository.ts';
import { pauseAfter, withRetries } from './retry.ts';
import type { WireResponse } from './wire.ts';

/**
 * The bytes of a blob. When the connection breaks, the rest is asked for; a server that sends all again has the bytes
 * already given skipped. Errors: `registry/interrupted`, `registry/differs` for another number of bytes, and those of
 * any request.
 */
export async function* readBlob(
  repository: Repository,
  descriptor: Descriptor,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { settings } = repository.client;
  const reading: Reading = { given: 0, ranges: true, signal };
  for (let attempt = 1; ; attempt++) {
    const problem = yield* readOn(repository, descriptor, reading);
    if (problem === undefined) return;
    if (attempt >= settings.retries.attempts) throw problem.after(attempt);
    await pauseAfter(problem, { attempt, settings, signal });
  }
}

/**
 * Brings a blob into a store, verified. Wrong bytes are fetched again, as often as the settings allow.
 * Errors: `registry/differs` when they stay wrong.
 */
export function fetchBlob(
  repository: Repository,
  descriptor: Descriptor,
  into: { readonly blobs: BlobStore; readonly signal: AbortSignal },
): Promise<BlobFacts> {
  const { digest, size } = descriptor;
  return withRetries(repository.client.settings, into.signal, async () => {
    const writer = into.blobs.createWriter({ digest, size });
    try {
      for await (const chunk of readBlob(repository, descriptor, into.signal)) writer.write(chunk);
      return await writer.commit();
    } catch (error) {
      writer.abort();
      if (!(error instanceof Failure) || error.code !== 'store/blob-mismatch') throw error;
      throw new RegistryError('registry/differs', {
        subject: subjectOf(repository, descriptor),
        found: 'the registry sends other bytes than its digest says',
        again: 'later',
        cause: error,
      });
    }
  });
}

interface Reading {
  /** Bytes that the reader has by now. */
  given: number;
  /** Whether to ask for the rest alone: not any more of a server that answered with another part. */
  ranges: boolean;
  readonly signal: AbortSignal;
}

/** Yields what the reader has not yet, from one answer; gives back why that was not all of it, if it was not. */
async function* readOn(
  repository: Repository,
  descriptor: Descriptor,
  reading: Reading,
): AsyncGenerator<Uint8Array, RegistryError | undefined, undefined> {
  const from = reading.ranges ? reading.given : 0;
  const response = await openBlob(repository, descriptor, { from, signal: reading.signal });
  const start = startOfAnswer(response, from);
  if (start === undefined) {
    reading.ranges = false;
    await response.discard();
    return wrongRange(subjectOf(repository, descriptor), from);
  }
  let seen = start;
  try {
    for await (const chunk of response.body) {
      seen += chunk.length;
      if (seen > descriptor.size) break;
      const fresh = chunk.subarray(Math.max(0, chunk.length - (seen - reading.given)));
      reading.given += fresh.length;
      if (fresh.length > 0) yield fresh;
    }
  } catch (error) {
    return retryable(repository.client.bodyError(error, subjectOf(repository, descriptor), reading.signal));
  }
  if (seen === descriptor.size) return undefined;
  return wrongLength(subjectOf(repository, descriptor), { seen, size: descriptor.size });
}

async function openBlob(
  repository: Repository,
  descriptor: Descriptor,
  call: { readonly from: number; readonly signal: AbortSignal },
): Promise<WireResponse> {
  const { client, access } = repository;
  return await client.send({
    method: 'GET',
    url: urlIn(repository, `blobs/${descriptor.digest}`),
    // A proxy that compresses on the way would change the bytes.
    headers: { 'accept-encoding': 'identity', ...rangeHeader(call.from) },
    subject: subjectOf(repository, descriptor),
    access,
    expect: rangeStatuses(call.from),
    signal: call.signal,
  });
}

function wrongRange(subject: RequestSubject, from: number): RegistryError {
  const found = `asked for its bytes from ${String(from)} on, the registry gave another part`;
  return new RegistryError('registry/interrupted', { subject, found, again: 'later' });
}

function wrongLength(
  subject: RequestSubject,
  lengths: { readonly seen: number; readonly size: number },
): RegistryError {
  const { seen, size } = lengths;
  if (seen < size) {
    const found = `its bytes ended after ${String(seen)} of ${String(size)}`;
    return new RegistryError('registry/interrupted', { subject, found, again: 'later' });
  }
  const found = `the registry sends more than the ${String(size)} bytes that its descriptor declares`;
  return new RegistryError('registry/differs', { subject, found, again: 'later' });
}

function retryable(error: unknown): RegistryError {
  if (error instanceof RegistryError && error.facts.again === 'later') return error;
  throw error;
}

function subjectOf(repository: Repository, descriptor: Descriptor): RequestSubject {
  return subjectIn(repository, `read blob ${descriptor.digest}`);
}
