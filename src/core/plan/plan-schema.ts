/**
 * The shape of a plan with its trees as JSON: what `plan --out` writes and `build --plan` takes. The types of plan.ts
 * are the truth; test/core/plan/read-plan.test.ts holds the schema to what the planner makes.
 */
import * as v from 'valibot';
import { type Digest, parseDigest } from '../digest/digest.ts';
import { type ImagePath, parseImagePath } from '../tree/image-path.ts';

const text = v.string();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const identity = v.pipe(count, v.maxValue(2 ** 32 - 1));
const mode = v.pipe(count, v.maxValue(0o7777));
const record = recordOf(text);
const digest = v.custom<Digest>(
  (input) => typeof input === 'string' && parseDigest(input).ok,
  'a digest is expected',
);
const imagePath = v.custom<ImagePath>((input) => {
  const parsed = typeof input === 'string' ? parseImagePath(input) : undefined;
  return parsed?.ok === true && parsed.path === input;
}, 'a path inside the image is expected');

/** A path of the context: relative, and never above it. */
const contextPath = v.custom<string>((input) => {
  const parsed = typeof input === 'string' ? parseImagePath(input) : undefined;
  return parsed?.ok === true && parsed.path === input;
}, 'a path inside the context is expected');

const time = v.strictObject({
  seconds: v.pipe(v.number(), v.safeInteger()),
  nanoseconds: v.exactOptional(v.pipe(count, v.maxValue(999_999_999))),
});
const node = {
  path: imagePath,
  mode,
  uid: identity,
  gid: identity,
  mtime: time,
  xattrs: v.exactOptional(record),
};
const device = { ...node, major: count, minor: count };
const treeEntry = v.variant('type', [
  v.strictObject({ ...node, type: v.literal('file'), size: count, digest }),
  v.strictObject({ ...node, type: v.literal('directory') }),
  v.strictObject({ ...node, type: v.literal('symlink'), target: text }),
  v.strictObject({ ...node, type: v.literal('hardlink'), target: imagePath }),
  v.strictObject({ ...node, type: v.literal('fifo') }),
  v.strictObject({ ...device, type: v.literal('block-device') }),
  v.strictObject({ ...device, type: v.literal('character-device') }),
  v.strictObject({ path: imagePath, type: v.literal('removed') }),
  v.strictObject({ path: imagePath, type: v.literal('opaque') }),
]);
const contentSource = v.variant('in', [
  v.strictObject({ in: v.literal('context'), path: contextPath }),
  v.strictObject({ in: v.literal('literal'), base64: text }),
  v.strictObject({ in: v.literal('blob'), blob: digest }),
  v.strictObject({ in: v.literal('archive'), path: contextPath, offset: count }),
  v.strictObject({ in: v.literal('layer'), blob: digest, offset: count }),
]);

const platform = v.strictObject({
  os: text,
  architecture: text,
  variant: v.exactOptional(text),
  'os.version': v.exactOptional(text),
  'os.features': v.exactOptional(v.array(text)),
});
const descriptor = v.strictObject({
  mediaType: text,
  digest,
  size: count,
  urls: v.exactOptional(v.array(text)),
  annotations: v.exactOptional(record),
  data: v.exactOptional(text),
  platform: v.exactOptional(platform),
  artifactType: v.exactOptional(text),
});
const compression = v.variant('type', [
  v.strictObject({ type: v.literal('gzip'), level: v.pipe(count, v.minValue(1), v.maxValue(9)) }),
  v.strictObject({ type: v.literal('zstd'), level: v.pipe(count, v.minValue(1), v.maxValue(19)) }),
  v.strictObject({ type: v.literal('none') }),
]);
const location = v.variant('transport', [
  v.strictObject({
    transport: v.literal('registry'),
    registry: text,
    repository: text,
    tag: v.exactOptional(text),
    digest: v.exactOptional(digest),
  }),
  v.strictObject({ transport: v.literal('oci'), path: text, tag: v.exactOptional(text) }),
  v.strictObject({ transport: v.literal('oci-archive'), path: text, tag: v.exactOptional(text) }),
  v.strictObject({ transport: v.literal('docker-archive'), path: text, reference: v.exactOptional(text) }),
  v.strictObject({ transport: v.literal('store'), digest }),
]);
const rules = v.strictObject({
  owner: v.exactOptional(v.strictObject({ uid: identity, gid: identity })),
  mode: v.exactOptional(mode),
  dirMode: v.exactOptional(mode),
  mtime: v.exactOptional(time),
  xattrs: v.exactOptional(record),
});
const placement = v.strictObject({
  tree: digest,
  to: imagePath,
  rename: v.exactOptional(imagePath),
  redirects: v.exactOptional(recordOf(imagePath, imagePath)),
  rules,
});

const common = { label: text, key: digest, cause: text };
const layerInput = v.variant('from', [
  v.strictObject({ from: v.literal('base'), layer: v.strictObject({ descriptor, diffId: digest }) }),
  v.strictObject({ from: v.literal('action'), key: digest }),
]);
const json = v.unknown();
const format = v.picklist(['oci', 'docker']);
const action = v.variant('kind', [
  v.strictObject({ ...common, kind: v.literal('fetch'), location, platform, manifest: descriptor }),
  v.strictObject({
    ...common,
    kind: v.literal('layer'),
    placements: v.array(placement),
    entries: v.array(treeEntry),
    compression,
    leftOut: v.exactOptional(v.strictObject({ paths: v.array(imagePath), files: count, bytes: count })),
  }),
  v.strictObject({
    ...common,
    kind: v.literal('image'),
    format,
    platform,
    layers: v.array(layerInput),
    needs: v.array(digest),
    created: text,
    config: recordOf(json),
    baseConfig: recordOf(json),
    history: v.array(recordOf(json)),
    annotations: record,
  }),
  v.strictObject({
    ...common,
    kind: v.literal('index'),
    format,
    images: v.array(v.strictObject({ key: digest, platform })),
    annotations: record,
  }),
]);
const plannedImage = v.strictObject({
  name: text,
  references: v.array(text),
  key: digest,
  platforms: v.array(v.strictObject({ platform, key: digest })),
  outputs: v.array(v.strictObject({ destination: text, cause: text, platform: v.exactOptional(platform) })),
  runtime: recordOf(json),
});

export const portablePlanSchema: v.GenericSchema = v.strictObject({
  plan: v.strictObject({
    planVersion: v.literal(1),
    settings: v.strictObject({ layerFormat: count, epoch: count }),
    actions: v.array(action),
    images: v.array(plannedImage),
  }),
  trees: recordOf(
    v.strictObject({
      tree: v.strictObject({ entries: v.array(treeEntry) }),
      contents: recordOf(contentSource, imagePath),
    }),
  ),
});

/**
 * A record as it is, every key of it: v.record leaves out members called `constructor` or `prototype`, which are as
 * good names of a file as any.
 */
function recordOf<T>(
  value: v.GenericSchema<unknown, T>,
  name: v.GenericSchema<unknown, string> = text,
): v.GenericSchema<Readonly<Record<string, T>>> {
  return v.pipe(
    v.custom<Readonly<Record<string, T>>>(isRecord, 'a record is expected'),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      for (const [key, member] of Object.entries(dataset.value)) {
        const [issue] = v.safeParse(name, key).issues ?? v.safeParse(value, member).issues ?? [];
        if (issue === undefined) continue;
        addIssue({ message: `${key}: ${issueText(issue)}` });
        return;
      }
    }),
  );
}

function isRecord(input: unknown): boolean {
  return typeof input === 'object' && input !== null && !Array.isArray(input);
}

/** What is wrong, and where, in one line. */
export function issueText(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  return path === null ? issue.message : `${path}: ${issue.message}`;
}
