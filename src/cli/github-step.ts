/**
 * A build as a step of GitHub Actions: outputs `digest`, `imageid` and `metadata`, named as docker/build-push-action names
 * them, and a summary. Several images have `metadata` alone, by name.
 */
import type { RecipePlan } from '../build.ts';
import type { BuildEvent, Emit } from '../core/event/build-event.ts';
import type { BuiltImage } from '../core/image/image.ts';
import type { CacheKey } from '../core/plan/plan.ts';
import { previousSizes } from '../io/execute/previous-sizes.ts';
import { stepSummary } from '../io/render/step-summary.ts';
import { buildMetadata } from './build-metadata.ts';
import type { Session } from './session.ts';
import { appendToStep, outputsText } from './step-files.ts';
import { summaryImages } from './summary-images.ts';
import type { Surroundings } from './surroundings.ts';

type Planned = Pick<RecipePlan, 'portable'> & Partial<Pick<RecipePlan, 'identity' | 'inputs'>>;

export interface GithubStep {
  /** Hands events on, and remembers them for the summary. */
  readonly emit: Emit;
  /** To be called before the plan is executed. */
  begin(planned: Planned): Promise<void>;
  finish(images: readonly BuiltImage[]): void;
}

export function openGithubStep(session: Session, env: Surroundings['env']): GithubStep {
  const { store } = session;
  const show: Session['show'] = (warning) => {
    session.show(warning);
  };
  const events: BuildEvent[] = [];
  let begun: { readonly planned: Planned; readonly before: ReadonlyMap<CacheKey, number> } | undefined;
  return {
    emit: (event) => {
      if (event.type === 'action-finished') events.push(event);
      session.emit(event);
    },
    begin: async (planned) => {
      const { identity, inputs } = planned;
      const isRecipe = identity !== undefined && inputs !== undefined;
      const before = isRecipe
        ? await previousSizes(store, { identity, inputs })
        : new Map<CacheKey, number>();
      begun = { planned, before };
    },
    finish: (images) => {
      appendToStep('GITHUB_OUTPUT', outputsText(outputsOf(images)), { env, show });
      if (begun === undefined) return;
      const { plan } = begun.planned.portable;
      const summary = stepSummary(summaryImages({ plan, images, events, before: begun.before }));
      appendToStep('GITHUB_STEP_SUMMARY', summary, { env, show });
    },
  };
}

function outputsOf(images: readonly BuiltImage[]): Record<string, string> {
  const metadata = JSON.stringify(buildMetadata(images), undefined, 2);
  const [only, ...more] = images;
  if (only === undefined || more.length > 0) return { metadata };
  const [platform, ...others] = only.images;
  const imageid = platform === undefined || others.length > 0 ? {} : { imageid: platform.config.digest };
  return { digest: only.root.digest, ...imageid, metadata };
}
