/** What the summary of a step says of the images of a build: its plan, its events and what the build before made, joined. */
import type { BuildEvent } from '../core/event/build-event.ts';
import type { BuiltImage, Image } from '../core/image/image.ts';
import { formatPlatform } from '../core/oci/platform.ts';
import type { Action, CacheKey, ImageAction, Plan } from '../core/plan/plan.ts';
import type { SummaryImage, SummaryLayer } from '../io/render/step-summary.ts';

export interface BuildFacts {
  readonly plan: Plan;
  readonly images: readonly BuiltImage[];
  /** All that the build said. */
  readonly events: readonly BuildEvent[];
  /** Bytes that the last build made in place of an action, by its key. */
  readonly before: ReadonlyMap<CacheKey, number>;
}

export function summaryImages(facts: BuildFacts): SummaryImage[] {
  const actions = new Map<CacheKey, Action>(facts.plan.actions.map((action) => [action.key, action]));
  return facts.images.flatMap((built) => {
    const planned = facts.plan.images.find(({ name }) => name === built.name);
    const name = built.references[0] ?? built.name;
    return built.images.flatMap((image, index) => {
      const action = actions.get(planned?.platforms[index]?.key ?? built.root.digest);
      return action?.kind === 'image' ? [summaryImage({ name, image, action, actions }, facts)] : [];
    });
  });
}

interface Platformed {
  readonly name: string;
  readonly image: Image;
  readonly action: ImageAction;
  readonly actions: ReadonlyMap<CacheKey, Action>;
}

function summaryImage(one: Platformed, facts: BuildFacts): SummaryImage {
  const { name, image, action } = one;
  const layers = layersOf(one, facts);
  const fresh = layers.filter(({ outcome }) => outcome === 'built');
  return {
    name,
    platform: formatPlatform(image.platform),
    digest: image.manifest.digest,
    size: sumOf(layers),
    newBytes: sumOf(fresh),
    before: facts.before.get(action.key),
    layers,
  };
}

/** An image has the layers of its action, in their order. */
function layersOf({ image, action, actions }: Platformed, { events, before }: BuildFacts): SummaryLayer[] {
  return action.layers.map((input, index): SummaryLayer => {
    const { size, digest } = image.layers[index]?.descriptor ?? { size: 0, digest: undefined };
    if (input.from === 'base') return { label: 'base', outcome: 'base', why: '', size };
    const label = actions.get(input.key)?.label ?? '';
    const said = events.findLast((event) => event.type === 'action-finished' && event.digest === digest);
    const facts = said?.type === 'action-finished' ? said : undefined;
    const outcome = facts?.outcome ?? 'cached';
    return { label, outcome, why: facts?.reason ?? '', size, before: before.get(input.key) };
  });
}

function sumOf(layers: readonly SummaryLayer[]): number {
  return layers.reduce((sum, { size }) => sum + size, 0);
}
