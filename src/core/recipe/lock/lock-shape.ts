/**
 * The shape of oci.lock as it stands in the file; parse-lock.ts and schema/lock.schema.json are made from it. An entry
 * stands under what was asked for, so nothing else in a recipe can unsettle it.
 */
import * as v from 'valibot';
import { count, fixedText, sha256 } from '../shape/value-shape.ts';

/** Raised when an older layerwright would misread what a newer one writes. */
export const lockVersion = 1;

const digest = v.pipe(
  v.string(),
  v.regex(/^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/, 'a digest: sha256: and 64 lower-case hex digits'),
);

export const lockedImage = v.pipe(
  v.strictObject({
    digest: v.pipe(digest, v.description('Digest of what the reference names: an index, or one manifest.')),
    platforms: v.pipe(
      v.record(v.string(), digest),
      v.description('By platform, the digest of its manifest.'),
    ),
  }),
  v.title('locked image'),
);

const lockedFile = v.pipe(
  v.strictObject({
    sha256: v.pipe(sha256, v.description('The file’s digest, as hex.')),
    size: v.pipe(count, v.description('Bytes.')),
  }),
  v.title('locked file'),
);

const lockedPackage = v.pipe(
  v.strictObject({
    name: v.pipe(fixedText, v.description('The package.')),
    version: v.pipe(fixedText, v.description('Its exact version.')),
    path: v.pipe(fixedText, v.description('Its path in the pool, whatever the mirror.')),
    sha256: v.pipe(sha256, v.description('The .deb file’s digest, as hex.')),
    size: v.optional(v.pipe(count, v.description('Bytes of the .deb file.'))),
  }),
  v.title('locked package'),
);

const lockedPackages = v.pipe(
  v.strictObject({
    deb: v.pipe(v.array(fixedText), v.minLength(1), v.description('The packages that were asked for.')),
    suite: v.optional(
      v.pipe(
        fixedText,
        v.description(
          'The suite, such as bookworm, or several with blanks between; absent where the recipe names none.',
        ),
      ),
    ),
    components: v.optional(
      v.pipe(
        fixedText,
        v.description('Components of the archives with blanks between; absent for main alone.'),
      ),
    ),
    snapshot: v.optional(v.pipe(fixedText, v.description('The date of the archive, where it is pinned.'))),
    recommends: v.optional(
      v.pipe(v.literal(true), v.description('Whether what packages recommend is taken as well.')),
    ),
    platform: v.pipe(fixedText, v.description('The platform.')),
    packages: v.pipe(v.array(lockedPackage), v.description('These packages and all that they need.')),
  }),
  v.title('locked packages'),
);

export const lockShape = v.pipe(
  v.strictObject({
    lockVersion: v.pipe(v.number(), v.description('The version of this format: 1.')),
    layerFormat: v.pipe(count, v.description('The version of the bytes of layers: tar rules and encoder.')),
    images: v.optional(
      v.pipe(v.record(v.string(), lockedImage), v.description('By reference in full, what it stands for.')),
    ),
    fetched: v.optional(v.pipe(v.record(v.string(), lockedFile), v.description('By URL, what was fetched.'))),
    packages: v.optional(v.pipe(v.array(lockedPackages), v.description('Packages, by what was asked for.'))),
  }),
  v.title('lock'),
  v.description(
    'What a recipe reads from elsewhere, pinned. Written by layerwright; docs/lock.md explains it.',
  ),
);

export type LockShape = v.InferOutput<typeof lockShape>;
