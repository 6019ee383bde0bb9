/** ACR: an upload that broke off is gone, with 404 BLOB_UPLOAD_INVALID (azure-sdk-for-python#29738). */
import type { RecordedRequest } from '../recording-listener.ts';
import { type Vendor, isUpload, refusal } from '../vendor-profile.ts';

/** Breaks the first request of this method to an upload, or loses the upload before it. */
export interface AcrFault {
  readonly method: 'PATCH' | 'PUT';
  readonly happens: 'breaks' | 'is lost';
}

export function acr(fault?: AcrFault): Vendor {
  const gone = new Set<string>();
  let happened = false;
  return (request, { forward }) => {
    if (!happened && isFaulty(request, fault)) {
      happened = true;
      gone.add(request.path);
      if (fault?.happens === 'breaks') return { status: 202, fault: 'reset' };
    }
    return gone.has(request.path)
      ? refusal(404, 'BLOB_UPLOAD_INVALID', 'blob upload invalid')
      : forward(request);
  };
}

function isFaulty(request: RecordedRequest, fault: AcrFault | undefined): boolean {
  return isUpload(request) && request.method === fault?.method;
}
