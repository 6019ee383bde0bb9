/**
 * What registries do beside the distribution spec, by name, each with what we do about it. The names are a setting
 * (`copesWith`, all of them by default) so that tests can leave one out and see its registry fail: a rule that nothing
 * needs any more is found that way, too.
 */

export const quirks = {
  'counts-manifest-reads':
    'Docker Hub counts each GET of a manifest against a limit: tags are resolved by HEAD',
  'wants-scope-of-mount-source':
    'Docker Hub mounts only for a token that may pull from the source: both are asked for',
  'wants-source-of-mount': 'Quay refuses `mount` without `from`: both are sent, or neither',
  'refuses-mount':
    'Harbor answers 401 for a source that it does not have, others 403, 404 or 405: upload instead',
  'answers-patch-with-201': 'ECR answers a PATCH with 201, where the spec has 202: both are good',
  'repeats-first-range':
    'ECR goes on to state the Range of the first chunk: the bytes that were taken are counted here',
  'refuses-patch': 'Artifact Registry takes no PATCH, GHCR none over 4 MiB (416): upload in one PUT instead',
  'forgets-uploads': 'ACR answers 404 BLOB_UPLOAD_INVALID for an upload that broke off: start it anew',
  'forgets-blobs':
    'GHCR may say of a manifest that a blob just pushed is unknown: what is missing is pushed once more',
  'has-no-referrers': 'ECR and others answer 400, 405 or 501 where the referrers API would be: use the tag',
} as const;

export type Quirk = keyof typeof quirks;

export const allQuirks: ReadonlySet<Quirk> = new Set(Object.keys(quirks) as Quirk[]);
