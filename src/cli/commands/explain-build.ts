/** `layerwright explain [LABEL]`: what changed since the last build, or since a given one, field by field. */
import type { ActionExplanation } from '../../core/compare/explanation.ts';
import { escapeText, quoteText } from '../../core/diagnostic/escape-text.ts';
import type { BuildRecord } from '../../core/plan/build-inputs.ts';
import type { Action } from '../../core/plan/plan.ts';
import { placeAt } from '../../core/plan/planning.ts';
import type { Place } from '../../core/diagnostic/source-text.ts';
import type { RecipePlan } from '../../build.ts';
import {
  type Comparison,
  recordedBuilds,
  says,
  type Story,
  type StoryRequest,
  tellStory,
} from '../../io/execute/build-story.ts';
import { changeLines, explanationLines } from '../../io/render/explanation-text.ts';
import { formatCount, formatDigest } from '../../io/render/quantity.ts';
import { createContentOpener } from '../../io/source/open-content.ts';
import type { Store } from '../../io/store/store.ts';
import { CommandError } from '../command-error.ts';
import type { Session } from '../session.ts';

export interface BuildQuestion {
  readonly planned: RecipePlan;
  /** The one action that is asked about; all of them if absent. */
  readonly label?: string;
  /** A digest of an image, or how many builds ago. */
  readonly since?: string | undefined;
  readonly json: boolean;
}

/** The text or document for stdout. Throws `command/bad-argument` for a build that is not recorded. */
export async function explainBuilds(question: BuildQuestion, { store }: Session): Promise<string> {
  const { planned, label, since } = question;
  const recorded = await recordedBuilds(store, planned);
  const builds = since === undefined ? recorded : [buildSince(recorded, since)];
  const isAsked = ({ action, before }: ActionExplanation): boolean =>
    label === undefined || action.label === label || before?.label === label;
  const story = await storyOf({ planned, builds, isAsked }, store);
  if (question.json) return `${JSON.stringify(storyJson(story, planned), undefined, 2)}\n`;
  return `${storyLines(story, question).join('\n')}\n`;
}

/** What the last recorded build has that the one before had not; the plan is the one that it did. */
export async function explainLastBuild(
  planned: RecipePlan,
  { store }: Pick<Session, 'store'>,
): Promise<string> {
  const builds = await recordedBuilds(store, planned);
  const story = await storyOf({ planned, builds, isAsked: () => true }, store);
  const lines =
    story?.earlier === undefined ? storyLines(story, { planned }) : earlierLines(story.earlier, planned);
  return `${lines.join('\n')}\n`;
}

async function storyOf(
  { planned, ...asked }: Pick<StoryRequest, 'builds' | 'isAsked'> & { readonly planned: RecipePlan },
  store: Store,
): Promise<Story | undefined> {
  const contents = createContentOpener({ contextFolder: planned.contextFolder, blobs: store.blobs });
  try {
    return await tellStory({ ...planned, ...asked, store, contents });
  } finally {
    await contents.close();
  }
}

function buildSince(builds: readonly BuildRecord[], since: string): BuildRecord {
  const wanted = since.replace(/^sha256:/, '');
  const isMeant = (digest: string): boolean => digest.slice('sha256:'.length).startsWith(wanted);
  const found =
    builds[Number(since) - 1] ??
    (/^[0-9a-f]{4,64}$/.test(wanted)
      ? builds.find(({ made }) => made.some(({ digest, manifests }) => [digest, ...manifests].some(isMeant)))
      : undefined);
  if (found !== undefined) return found;
  const known = builds.map((build, at) => `${String(at + 1)} is ${madeText(build)}`);
  throw new CommandError(
    'command/bad-argument',
    `--since ${escapeText(since)} is no build that is recorded`,
    {
      help:
        known.length === 0 ? 'no build of this recipe is recorded here' : `counted back, ${known.join('; ')}`,
    },
  );
}

function storyLines(
  story: Story | undefined,
  { planned, label }: Pick<BuildQuestion, 'planned' | 'label'>,
): string[] {
  if (story === undefined)
    return ['no build of this recipe is recorded here, so the next one makes everything'];
  const { now, earlier } = story;
  const last = `since the build of ${madeText(now.since)}`;
  if (says(now)) return [`${last}:`, ...comparisonLines(now, planned), ...idleLines(now, label)];
  const subject = label === undefined ? '' : ` of ${quoteText(label)}`;
  const before = earlier === undefined ? [] : ['', ...earlierLines(earlier, planned)];
  return [`nothing to rebuild${subject} ${last}`, ...idleLines(now, label), ...before];
}

function earlierLines(earlier: Comparison, planned: RecipePlan): string[] {
  const { of, since } = earlier;
  const made = of === undefined ? [] : [`the build of ${madeText(of)}, since that of ${madeText(since)}:`];
  return [...made, ...comparisonLines(earlier, planned)];
}

/** A paragraph for each action that is not the same. */
function comparisonLines({ explanation }: Comparison, planned: RecipePlan): string[] {
  const told = explanation.actions.filter(({ verdict }) => verdict !== 'same');
  const rest = explanation.actions.length - told.length;
  return [
    ...told.flatMap((one) => ['', ...explanationLines(one, lineOf(one.action, planned))]),
    ...(rest === 0 ? [] : ['', `${formatCount(rest, 'other action')} ${rest === 1 ? 'is' : 'are'} the same`]),
  ];
}

function idleLines({ explanation }: Comparison, label: string | undefined): string[] {
  const { idle } = explanation;
  return label !== undefined || idle.length === 0
    ? []
    : ['', 'changed without a rebuild:', ...changeLines(idle)];
}

/** `sha256:5a0f…`, with the names of images where there are several. */
function madeText({ made }: BuildRecord): string {
  const [only] = made;
  if (only !== undefined && made.length === 1) return formatDigest(only.digest);
  return made.map(({ name, digest }) => `${escapeText(name)} ${formatDigest(digest)}`).join(', ');
}

function lineOf(action: Action, planned: RecipePlan): string | undefined {
  const place = placeOfAction(action, planned);
  return place && `${place.file}:${String(place.line)}:${String(place.column)}`;
}

/** Where the recipe that is there now asks for it; nowhere for what only an earlier recipe had. */
function placeOfAction({ key }: Action, { recipe, portable }: RecipePlan): Place | undefined {
  const current = portable.plan.actions.find((action) => action.key === key);
  return current && placeAt(recipe, current.cause);
}

function storyJson(story: Story | undefined, planned: RecipePlan): unknown {
  if (story === undefined) return { nothing: false, recorded: false };
  const { now, earlier } = story;
  return {
    nothing: !says(now),
    recorded: true,
    ...comparisonJson(now, planned),
    ...(earlier === undefined ? {} : { earlier: comparisonJson(earlier, planned) }),
  };
}

function comparisonJson({ of, since, explanation }: Comparison, planned: RecipePlan): object {
  return {
    ...(of === undefined ? {} : { of: of.made }),
    since: since.made,
    actions: explanation.actions.map((one) => actionJson(one, planned)),
    idle: explanation.idle,
  };
}

function actionJson(
  { action, verdict, before, cached, changes, same }: ActionExplanation,
  planned: RecipePlan,
): unknown {
  const { label, kind, key } = action;
  const was = before === undefined || before.key === key ? {} : { was: before.key };
  const place = placeOfAction(action, planned);
  return { label, kind, verdict, key, ...was, cached, place, changes, same };
}
