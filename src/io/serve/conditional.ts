/** Content has its digest as entity tag, so a client that has it is told so (RFC 9110, 13.1.2, If-None-Match). */
import type { Digest } from '../../core/digest/digest.ts';
import type { ServedRequest } from './served-request.ts';

export function entityTag(digest: Digest): string {
  return `"${digest}"`;
}

/** Whether the client has these bytes already. */
export function isHeld({ headers }: ServedRequest, digest: Digest): boolean {
  const named = headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  return named.includes('*') || named.includes(entityTag(digest));
}
