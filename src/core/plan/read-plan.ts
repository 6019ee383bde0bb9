/**
 * A plan that was made elsewhere, read as strictly as anything from outside: its shape, and that every key and tree
 * digest is what its contents give, so that a plan that was edited by hand never fills the store with wrong results.
 */
import * as v from 'valibot';
import { type Outcome, succeed } from '../diagnostic/diagnostic.ts';
import { escapeText } from '../diagnostic/escape-text.ts';
import { type Digest, digestOfValue } from '../digest/digest.ts';
import { parseStrictJson } from '../oci/strict-json.ts';
import { fetchKey, imageKey, indexKey, layerKey } from './cache-key.ts';
import { needsOf } from './graph.ts';
import { issueText, portablePlanSchema } from './plan-schema.ts';
import type { Action, CacheKey, PlanSettings, PortablePlan } from './plan.ts';

/** A plan names every file of an image, so it may be large; 512 MiB is some two million files. */
const maxPlanBytes = 512 * 1024 * 1024;

/** `name` is what the file is called in messages. */
export function readPortablePlan(bytes: Uint8Array, name: string): Outcome<PortablePlan> {
  const parsed = parseStrictJson(bytes, { maxBytes: maxPlanBytes, names: 'any' });
  if (!parsed.ok) return refuse(name, `it is not JSON: ${parsed.reason}`);
  const checked = v.safeParse(portablePlanSchema, parsed.value);
  if (!checked.success) return refuse(name, issueText(checked.issues[0]));
  // The schema has read every member; the documents of the OCI specifications inside are checked by their own key.
  const portable = checked.output as PortablePlan;
  const fault = faultOf(portable);
  return fault === undefined ? succeed(portable) : refuse(name, fault);
}

function refuse(name: string, found: string): Outcome<never> {
  return {
    ok: false,
    diagnostics: [
      {
        code: 'plan/unreadable',
        severity: 'error',
        message: `${escapeText(name)} is no plan that can be executed: ${escapeText(found)}`,
        help: 'make it again with `layerwright plan --out FILE`, by the same version of layerwright',
      },
    ],
  };
}

function faultOf({ plan, trees }: PortablePlan): string | undefined {
  for (const [digest, { tree }] of Object.entries(trees)) {
    if (digestOfValue(tree) !== digest) return `tree ${digest} is not what its name says`;
  }
  const before = new Set<CacheKey>();
  for (const action of plan.actions) {
    if (keyOf(action, plan.settings) !== action.key)
      return `the key of \`${action.label}\` is not what it contains`;
    const missing = needsOf(action).find((key) => !before.has(key));
    if (missing !== undefined) return `\`${action.label}\` needs ${missing}, which does not stand before it`;
    const tree = treesOf(action).find((digest) => trees[digest] === undefined);
    if (tree !== undefined) return `\`${action.label}\` names tree ${tree}, which is not there`;
    before.add(action.key);
  }
  const headless = plan.images.find((image) => !before.has(image.key));
  return headless === undefined ? undefined : `image \`${headless.name}\` has no action`;
}

function keyOf(action: Action, settings: PlanSettings): CacheKey {
  switch (action.kind) {
    case 'fetch':
      return fetchKey(action);
    case 'layer':
      return layerKey(action, settings);
    case 'image':
      return imageKey(action);
    case 'index':
      return indexKey(action);
  }
}

function treesOf(action: Action): readonly Digest[] {
  return action.kind === 'layer' ? action.placements.map((placement) => placement.tree) : [];
}
