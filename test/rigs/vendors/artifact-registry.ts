/** Google Artifact Registry: no chunked uploads at all (dotnet/sdk-container-builds#287, skopeo#1101, kitops#780). */
import { type Vendor, refusal } from '../vendor-profile.ts';

export function artifactRegistry(): Vendor {
  return (request, { forward }) =>
    request.method === 'PATCH' ? refusal(405, 'UNSUPPORTED') : forward(request);
}
