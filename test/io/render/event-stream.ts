/** One fixed stream of events with everything in it that a renderer has to say. */
import { digestOf } from '../../../src/core/digest/digest.ts';
import type { SourceText } from '../../../src/core/diagnostic/source-text.ts';
import type { BuildEvent, StampedEvent } from '../../../src/core/event/build-event.ts';

export const digest = digestOf(new TextEncoder().encode('layerwright'));

/** Milliseconds, event. */
type Timed = readonly [at: number, event: BuildEvent];

const base = 'base node:22-slim';
const packages = 'copy node_modules';
const hostile = 'file /etc/\u001b[31mred\u202e';
const wide = 'copy 配置文件';

const labels = [base, packages, hostile, wide, 'image api'];
const reason =
  '3 files changed: server.js, routes.js, db.js; 1 file added: a-file-with-a-rather-long-name.js';

function finished(
  label: string,
  facts: { kind?: string; outcome?: 'built' | 'cached'; size: number },
): BuildEvent {
  const { kind = 'layer', outcome = 'built', size } = facts;
  const why = outcome === 'cached' ? 'nothing changed' : reason;
  return { type: 'action-finished', label, kind, outcome, digest, size, reason: why };
}

function started(label: string, kind = 'layer'): BuildEvent {
  return { type: 'action-started', label, kind, reason };
}

const warning: BuildEvent = {
  type: 'diagnostic',
  diagnostic: {
    code: 'registry/waiting',
    severity: 'warning',
    message: 'ghcr.io asked to wait 2 s',
    place: { file: 'oci.config.yaml', span: { start: 8, end: 9 }, line: 1, column: 9 },
    help: 'wait',
  },
};

const timed: readonly Timed[] = [
  [40, warning],
  [42, { type: 'download-started', label: 'npm', what: '67 packages' }],
  [52, { type: 'download-progress', label: 'npm', done: 1_200_000 }],
  [
    58,
    { type: 'download-finished', label: 'npm', what: '67 packages', outcome: 'fetched', bytes: 2_100_000 },
  ],
  [60, { type: 'plan-made', actions: 5, cached: 1, labels }],
  [61, finished(base, { kind: 'fetch', outcome: 'cached', size: 30_200_000 })],
  [62, started(packages)],
  [63, started(hostile)],
  [100, { type: 'action-progress', label: packages, done: 1_000_000 }],
  [400, { type: 'action-progress', label: packages, done: 20_500_000, total: 61_000_000 }],
  [405, { type: 'action-progress', label: hostile, done: 130 }],
  [410, finished(hostile, { size: 130 })],
  [411, started(wide)],
  [900, { type: 'action-progress', label: packages, done: 38_000_000, total: 61_000_000 }],
  [1500, { type: 'action-progress', label: packages, done: 59_000_000, total: 61_000_000 }],
  [1962, finished(packages, { size: 48_123_456 })],
  [1970, finished(wide, { size: 999_960 })],
  [1971, started('image api', 'image')],
  [1990, finished('image api', { kind: 'image', size: 91_200_000 })],
  [
    2000,
    {
      type: 'image-finished',
      name: 'api',
      platform: 'linux/amd64',
      digest,
      size: 91_200_000,
      newBytes: 49_123_416,
    },
  ],
  [2010, { type: 'delivery-started', destination: 'oci:out/api' }],
  [2020, { type: 'delivery-progress', destination: 'oci:out/api', item: digest, done: 500, total: 1500 }],
  [
    2040,
    { type: 'delivery-finished', destination: 'oci:out/api', digest, moved: 1, present: 0, bytes: 1500 },
  ],
  [2050, { type: 'delivery-started', destination: 'ghcr.io/acme/api:1.4.0' }],
  [
    3050,
    {
      type: 'delivery-progress',
      destination: 'ghcr.io/acme/api:1.4.0',
      item: digest,
      done: 30_000_000,
      total: 91_200_000,
    },
  ],
  [
    3600,
    {
      type: 'delivery-progress',
      destination: 'ghcr.io/acme/api:1.4.0',
      done: 61_000_000,
      total: 91_200_000,
    },
  ],
  [
    5450,
    {
      type: 'delivery-finished',
      destination: 'ghcr.io/acme/api:1.4.0',
      digest,
      moved: 2,
      present: 12,
      bytes: 49_123_416,
    },
  ],
];

export const wholeBuild: readonly StampedEvent[] = timed.map(([at, event]) => ({ at, event }));

/** A build that ends in the middle. */
export const failedBuild: readonly StampedEvent[] = [
  ...wholeBuild.slice(4, 9),
  { at: 500, event: { type: 'action-failed', label: packages, kind: 'layer' } },
];

/** The text that diagnostics of these streams point into. */
export const recipe: SourceText = {
  name: 'oci.config.yaml',
  text: `args: { V: { default: x } }\nlayers:\n  - copy: dist/with/a/path/that/is/long/enough/to/be/cut/on/a/narrow/terminal/node_modules\n`,
};

const error: BuildEvent = {
  type: 'diagnostic',
  diagnostic: {
    code: 'layer/file-changed',
    severity: 'error',
    message: 'dist/server.js changed while it was packed',
    place: { file: recipe.name, span: { start: 46, end: 130 }, line: 3, column: 11 },
    help: 'build again when nothing writes to it',
  },
};

/** One step fails, and it is said why. */
export const brokenBuild: readonly StampedEvent[] = [
  ...wholeBuild.slice(4, 11),
  { at: 500, event: { type: 'action-failed', label: packages, kind: 'layer' } },
  { at: 510, event: finished(hostile, { size: 130 }) },
  { at: 520, event: error },
];

/** Nothing to do. */
export const cachedBuild: readonly StampedEvent[] = [
  { at: 30, event: { type: 'plan-made', actions: 2, cached: 2, labels: [packages, 'image api'] } },
  { at: 31, event: finished(packages, { outcome: 'cached', size: 48_123_456 }) },
  { at: 31, event: finished('image api', { kind: 'image', outcome: 'cached', size: 48_123_456 }) },
  { at: 32, event: { type: 'image-finished', name: 'api', digest, size: 48_123_456, newBytes: 0 } },
];
