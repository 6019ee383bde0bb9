/** `layerwright explain [LABEL|PATH|CODE]`: why, from where, and what does it mean. Writes nothing of the recipe's. */
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { quoteText } from '../../core/diagnostic/escape-text.ts';
import { suggestion, suggestionAnd } from '../../core/diagnostic/suggest.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { CommandError } from '../command-error.ts';
import type { Invocation } from '../command-spec.ts';
import type { CommonOptions, LockOptions, RecipeOptions, RegistryOptions } from '../options.ts';
import { planOnly } from '../plan-only.ts';
import { type Session, withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';
import { explainBuilds } from './explain-build.ts';
import { explainCode, isCode, refuseUnknownCode } from './explain-code.ts';
import { explainPath } from './explain-path.ts';

interface ExplainOptions extends CommonOptions, RecipeOptions, RegistryOptions, LockOptions {
  readonly since?: string;
  readonly image?: readonly string[];
}

export async function runExplain(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as ExplainOptions;
  const json = options.json === true;
  // A label is two words as often as not, and nobody should have to quote it.
  const subject = invocation.operands.join(' ');
  if (isCode(subject)) {
    refuseSince(options, 'a code');
    surroundings.stdout.write(explainCode(subject, { json }));
    return exitCodes.done;
  }
  refuseUnknownCode(subject);
  // The layers of a base may have to be brought here to be looked into.
  const access = subject.includes('/') ? 'read-write' : 'read-only';
  return withSession({ options, surroundings, access }, async (session) => {
    surroundings.stdout.write(await explainOfRecipe(subject, { options, session, surroundings }));
    return exitCodes.done;
  });
}

interface Asking {
  readonly options: ExplainOptions;
  readonly session: Session;
  readonly surroundings: Surroundings;
}

async function explainOfRecipe(subject: string, asking: Asking): Promise<string> {
  const { options, session, surroundings } = asking;
  const planned = await planOnly({ options, names: options.image ?? [] }, session, surroundings);
  const { plan } = planned.portable;
  const [json, since] = [options.json === true, options.since];
  if (subject === '') return explainBuilds({ planned, since, json }, session);
  if (labelsOf(plan).includes(subject))
    return explainBuilds({ planned, label: subject, since, json }, session);
  if (subject.includes('/')) {
    refuseSince(options, 'a path');
    return explainPath({ planned, path: subject, json }, session);
  }
  throw unknownSubject(subject, plan);
}

/** What is told of a path or a code is so of no build in particular. */
function refuseSince({ since }: ExplainOptions, subject: string): void {
  if (since === undefined) return;
  throw new CommandError('command/bad-argument', `--since does not go with ${subject}`, {
    help: 'it chooses the build that the actions are compared with: give it with a label, or with nothing',
  });
}

function labelsOf({ actions }: Plan): string[] {
  return actions.map(({ label }) => label);
}

function unknownSubject(subject: string, plan: Plan): CommandError {
  const near = suggestion(subject, labelsOf(plan));
  const help = suggestionAnd(near, 'a path is written with a `/`');
  const message = `${quoteText(subject)} is no label of an action, no path of the image and no code`;
  return new CommandError('command/bad-argument', message, { help });
}
