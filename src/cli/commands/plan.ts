/** `layerwright plan`: every action with its key, cached or not and why. Writes nothing, the store included. */
import { canonicalJson } from '../../core/digest/canonical-json.ts';
import { shortDigest } from '../../core/digest/digest.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import type { Action } from '../../core/plan/plan.ts';
import { mermaidGraph } from '../../core/plan/graph.ts';
import { type ActionStatus, planStatus } from '../../io/execute/plan-status.ts';
import { formatBytes } from '../../io/render/quantity.ts';
import { columnsText } from '../columns.ts';
import type { Invocation } from '../command-spec.ts';
import { basesFor, type DeliveryOptions, requireDestinations } from '../deliver-all.ts';
import { ignoredActions } from '../ignored-actions.ts';
import type { CommonOptions, LockOptions, RecipeOptions, RegistryOptions } from '../options.ts';
import { planOnly } from '../plan-only.ts';
import { withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';
import { replaceTextFile } from '../write-file.ts';

interface PlanOptions extends RecipeOptions, RegistryOptions, LockOptions, CommonOptions, DeliveryOptions {
  readonly out?: string;
  readonly exitCode?: boolean;
  readonly graph?: 'mermaid';
}

export async function runPlan(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as PlanOptions;
  return withSession({ options, surroundings, access: 'read-only' }, async (session) => {
    const { folder } = session;
    const planned = await planOnly({ options, names: invocation.operands }, session, surroundings);
    const { portable } = planned;
    const bases = basesFor(requireDestinations(portable.plan.images, options, { ...planned, folder }));
    const ignores = ignoredActions(options, portable.plan);
    const statuses = await planStatus(portable, { ...planned, store: session.store, ignores, bases });
    if (options.out !== undefined) replaceTextFile(folder, options.out, `${canonicalJson(portable)}\n`);
    surroundings.stdout.write(planText(statuses, { ...options, portable }));
    const hasWork = statuses.some((status) => status.cached === undefined);
    return options.exitCode === true && hasWork ? exitCodes.differs : exitCodes.done;
  });
}

function planText(
  statuses: readonly ActionStatus[],
  wanted: PlanOptions & { readonly portable: { readonly plan: Parameters<typeof mermaidGraph>[0] } },
): string {
  if (wanted.graph === 'mermaid') return mermaidGraph(wanted.portable.plan);
  if (wanted.json === true)
    return `${JSON.stringify(planJson(statuses, wanted.portable.plan), undefined, 2)}\n`;
  const rows = statuses.map(({ action, cached, reason }) => [
    escapeText(action.label),
    shortDigest(action.key),
    cached === undefined ? `will build: ${reason}` : 'cached',
    ...savedText(action),
  ]);
  return columnsText(rows);
}

/** What `dedupe` saved. */
function savedText(action: Action): string[] {
  if (action.kind !== 'layer' || action.leftOut === undefined) return [];
  const { files, bytes } = action.leftOut;
  return [`${files} ${files === 1 ? 'file' : 'files'} (${formatBytes(bytes)}) below already`];
}

/** The plan word for word, and beside it what each action would do here. */
function planJson(statuses: readonly ActionStatus[], plan: unknown): unknown {
  const status = statuses.map(({ action, cached, reason }) => ({
    key: action.key,
    label: action.label,
    cached: cached !== undefined,
    reason,
  }));
  return { plan, status };
}
