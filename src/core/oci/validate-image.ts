/**
 * What the image spec demands of its documents (image-spec schema/*.json), and what its reference validator adds in
 * code: lower-case hex, padded base64, `=` in each entry of Env. Each function gives every problem, none where the
 * document is right. Stricter than the schemas: sizes are not negative, diffIDs are digests, Docker's members have types.
 */
import { parseDigest } from '../digest/digest.ts';
import { isDateTime } from './date-time.ts';
import {
  type Check,
  flag,
  integerFrom,
  listOf,
  mapOf,
  must,
  objectWith,
  orNull,
  type Problem,
  text,
  textThat,
} from './json-check.ts';

export function validateDescriptor(value: unknown): readonly Problem[] {
  return descriptor(value, '');
}

export function validateManifest(value: unknown): readonly Problem[] {
  return manifest(value, '');
}

/** As a registry keeps it: without layers too, as artifacts may be (image-spec manifest.md, Guidelines for Artifact Usage). */
export function validateKeptManifest(value: unknown): readonly Problem[] {
  return keptManifest(value, '');
}

export function validateIndex(value: unknown): readonly Problem[] {
  return index(value, '');
}

export function validateImageConfig(value: unknown): readonly Problem[] {
  return imageConfig(value, '');
}

/** The `oci-layout` file (image-layout.md). */
export function validateImageLayout(value: unknown): readonly Problem[] {
  return imageLayout(value, '');
}

// RFC 6838, section 4.2, as defs-descriptor.json has it.
const restrictedName = '[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}';
const mediaTypePattern = new RegExp(`^${restrictedName}/${restrictedName}$`);
const mediaType = textThat((value) => mediaTypePattern.test(value), 'must be a media type: type/subtype');

const digest = textThat((value) => {
  const parsed = parseDigest(value);
  return parsed.ok || parsed.reason === 'unsupported';
}, 'must be a digest: algorithm:encoded, with lower-case hex of the right length for sha256 and sha512');

// RFC 3986: a scheme and printable ASCII; urls are never fetched by us, so no more is asked.
const uri = textThat((value) => /^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$/.test(value), 'must be a URI');

// RFC 4648, section 4, with padding.
const base64 = textThat(
  (value) => value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value),
  'must be padded base64',
);

const dateTime = textThat(isDateTime, 'must be a date and time by RFC 3339');
const annotations = mapOf(text);
const texts = listOf(text);
const emptyObjects = mapOf(objectWith({}));
const schemaVersion = must((value) => value === 2, 'must be 2');

const platform = objectWith(
  { architecture: text, os: text },
  { variant: text, 'os.version': text, 'os.features': texts },
);

const descriptorMembers = { mediaType, size: integerFrom(0), digest };
const descriptorExtras = { urls: listOf(uri), data: base64, artifactType: mediaType, annotations, platform };
const descriptor: Check = objectWith(descriptorMembers, descriptorExtras);

const manifestExtras = { mediaType, artifactType: mediaType, subject: descriptor, annotations };
const manifestOf = (layers: Check): Check =>
  objectWith({ schemaVersion, config: descriptor, layers }, manifestExtras);
const manifest = manifestOf(listOf(descriptor, 1));
const keptManifest = manifestOf(listOf(descriptor));

const index: Check = objectWith(
  { schemaVersion, manifests: listOf(descriptor) },
  { mediaType, artifactType: mediaType, subject: descriptor, annotations },
);

const imageLayout: Check = objectWith({
  imageLayoutVersion: must((value) => value === '1.0.0', 'must be "1.0.0"'),
});

const healthcheck = objectWith(
  {},
  {
    Test: orNull(texts),
    Interval: integerFrom(0),
    Timeout: integerFrom(0),
    StartPeriod: integerFrom(0),
    StartInterval: integerFrom(0),
    Retries: integerFrom(0),
  },
);

const containerConfig = objectWith(
  {},
  {
    User: text,
    ExposedPorts: emptyObjects,
    Env: listOf(textThat((entry) => entry.includes('='), 'must be a variable: NAME=value')),
    Entrypoint: orNull(texts),
    Cmd: orNull(texts),
    Volumes: orNull(emptyObjects),
    WorkingDir: text,
    Labels: orNull(annotations),
    StopSignal: text,
    ArgsEscaped: flag,
    Healthcheck: orNull(healthcheck),
    Shell: orNull(texts),
    OnBuild: orNull(texts),
  },
);

const historyEntry = objectWith(
  {},
  { created: dateTime, author: text, created_by: text, comment: text, empty_layer: flag },
);

const rootfs = objectWith({
  type: must((value) => value === 'layers', 'must be "layers"'),
  diff_ids: listOf(digest),
});

const imageConfig: Check = objectWith(
  { architecture: text, os: text, rootfs },
  {
    created: dateTime,
    author: text,
    variant: text,
    'os.version': text,
    'os.features': texts,
    config: containerConfig,
    history: listOf(historyEntry),
  },
);
