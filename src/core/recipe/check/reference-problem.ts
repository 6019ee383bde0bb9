/** What to say of a text that is no reference. */
import { quoteText } from '../../diagnostic/escape-text.ts';
import type { Problem } from '../problem-list.ts';

export function referenceProblem(text: string, reason: string): Problem {
  return {
    code: 'recipe/bad-reference',
    message: `${quoteText(text)} is no image reference: ${reason}`,
    help: 'write one such as node:22-slim, ghcr.io/acme/api:1.4, oci:DIR:TAG or oci-archive:FILE',
  };
}
