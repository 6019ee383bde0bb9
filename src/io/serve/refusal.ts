/** What a request is refused with: the codes of distribution-spec, Error Codes, and the status that goes with each. */
import { jsonAnswer, type Answer } from './answer.ts';

const statuses = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 400,
  BLOB_UPLOAD_UNKNOWN: 404,
  DENIED: 403,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 404,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  SIZE_INVALID: 400,
  TOOMANYREQUESTS: 429,
  UNAUTHORIZED: 401,
  UNSUPPORTED: 405,
  // No code of the specification says that it is the server that failed.
  UNKNOWN: 500,
} as const;

export type RefusalCode = keyof typeof statuses;

export interface RefusalOptions {
  /** In place of the code's own: 413 and 416 have no codes. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown anywhere below the router; becomes the answer. Its message goes to the client. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: RefusalCode, message: string, { status, headers = {} }: RefusalOptions = {}) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.status = status ?? statuses[code];
    this.headers = headers;
  }
}

export function answerOf({ code, message, status, headers }: Refusal): Answer {
  return jsonAnswer({ errors: [{ code, message }] }, { status, headers });
}
