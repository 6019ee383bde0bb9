/** `layerwright watch`: builds, and builds again when something that the build read has changed. */
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { diagnosticOf, Failure } from '../../core/diagnostic/failure.ts';
import type { WatchEvent } from '../../core/event/watch-event.ts';
import { createWatchRenderer, type WatchRenderer } from '../../io/render/watch-renderer.ts';
import { FolderWatch } from '../../io/watch/folder-watch.ts';
import { lookEveryMs } from '../../io/watch/no-notice.ts';
import { startWatch, type WatchSession } from '../../io/watch/watch-session.ts';
import { boundMemory } from '../bound-memory.ts';
import { CommandError } from '../command-error.ts';
import type { Invocation } from '../command-spec.ts';
import type { GoodBuild } from '../good-build.ts';
import { engineOf } from '../hand-out.ts';
import { isKeyboard, listenForKeys } from '../keys.ts';
import { type RecipeCall, recipeRequest } from '../recipe-request.ts';
import { Rebuilder } from '../rebuilder.ts';
import { type Session, withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';
import { openWatchUses, type WatchOptions, type WatchUses } from '../watch-uses.ts';
import { explainLastBuild } from './explain-build.ts';

export async function runWatch(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  boundMemory();
  const options = invocation.options as unknown as WatchOptions;
  refuseStandardInput(options);
  const began = surroundings.now();
  let lines: WatchRenderer | undefined;
  const tell = (event: WatchEvent): void => {
    lines?.tell({ at: Math.round(surroundings.now() - began), event });
  };
  return withSession(
    {
      options,
      surroundings,
      access: 'read-write',
      wrapRenderer: (inner, screen, kind) =>
        (lines = createWatchRenderer({ inner, screen, kind, wallClock: () => Date.now() })),
    },
    async (session) => {
      const call: RecipeCall & { options: WatchOptions } = {
        options,
        names: invocation.operands,
        folder: session.folder,
        stats: { folder: session.statFolder, access: 'read-write' },
        lacking: 'add',
        onLock: session.addSource,
      };
      // Wrong usage ends the command; what is wrong with the recipe is waited out.
      await recipeRequest(call, surroundings);
      const uses = await openWatchUses({ options, session, surroundings, tell });
      try {
        await watchWith({ call, session, surroundings, tell, uses });
      } finally {
        await uses.close();
      }
      return exitCodes.done;
    },
  );
}

interface Watching {
  readonly call: RecipeCall & { readonly options: WatchOptions };
  readonly session: Session;
  readonly surroundings: Surroundings;
  readonly tell: (event: WatchEvent) => void;
  readonly uses: WatchUses;
}

async function watchWith(watching: Watching): Promise<void> {
  const { call, session, surroundings, tell, uses } = watching;
  const { options } = call;
  const engine = options.load === true ? await engineOf(session, surroundings.env) : undefined;
  const folders = new FolderWatch({
    onChange: () => watch.change(),
    onRefusal: (problem) => session.show(problem),
  });
  const keyboard = isKeyboard(surroundings.stdin) ? surroundings.stdin : undefined;
  const rebuilder = new Rebuilder({
    ...{ call, session, surroundings, folders, engine, tell, keepsWhole: options.serve !== undefined },
    onGood: (built) => uses.take(built),
    onOutdated: () => watch.change(),
    onFirst: () => tell({ type: 'watching', folders: folders.size, keys: keyboard !== undefined }),
  });
  const watch = startWatch({
    build: (build) => rebuilder.build(build),
    onStart: () => tell({ type: 'rebuild-started' }),
    pollMs: () => options.poll ?? (folders.refused ? lookEveryMs : undefined),
  });
  const keys =
    keyboard &&
    listenForKeys(keyboard, {
      r: () => watch.ask(),
      e: () => void explain(rebuilder.good, watching),
      q: () => watch.quit(),
    });
  try {
    // Where nobody reads, nobody is left to build for.
    const { signal, stdout, stderr } = surroundings;
    await endOf(watch, AbortSignal.any([signal, stdout.lost, stderr.lost]));
  } finally {
    keys?.stop();
    folders.close();
    await rebuilder.close();
  }
}

/** A question costs no watch its life. */
async function explain(good: GoodBuild | undefined, { session, tell }: Watching): Promise<void> {
  try {
    const text =
      good === undefined ? 'nothing has been built yet\n' : await explainLastBuild(good.planned, session);
    tell({ type: 'explained', text });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    session.show(diagnosticOf(error));
  }
}

/** A signal ends it too. */
async function endOf(watch: WatchSession, signal: AbortSignal): Promise<void> {
  const quit = (): void => watch.quit();
  if (signal.aborted) quit();
  signal.addEventListener('abort', quit, { once: true });
  try {
    await watch.ended;
  } finally {
    signal.removeEventListener('abort', quit);
  }
}

function refuseStandardInput({ file }: WatchOptions): void {
  if (file !== '-') return;
  throw new CommandError(
    'command/bad-argument',
    'a watch reads its recipe again, and standard input only once',
    {
      help: 'name a file with -f',
    },
  );
}
