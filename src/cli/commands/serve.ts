/** `layerwright serve`: a registry until a signal ends it. Its address is the only line on stdout. */
import { join, resolve } from 'node:path';
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { type Account, parseAccounts } from '../../io/serve/accounts.ts';
import type { ServerCertificate } from '../../io/serve/listener.ts';
import { serve, type ServeOptions } from '../../io/serve/serve.ts';
import { cacheFolder } from '../cache-folder.ts';
import { CommandError } from '../command-error.ts';
import type { Invocation } from '../command-spec.ts';
import { listenAddress, unguarded } from '../listen-address.ts';
import type { CommonOptions } from '../options.ts';
import { type Session, withSession } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';
import { readBytes } from '../write-file.ts';

interface ServeCommandOptions extends CommonOptions {
  readonly listen: string;
  readonly readOnly?: boolean;
  readonly accounts?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

/** Holds one `USER:PASSWORD`, in place of a file: a password in a command line would be seen by every user. */
const accountVariable = 'LAYERWRIGHT_SERVE_ACCOUNT';

export async function runServe(invocation: Invocation, surroundings: Surroundings): Promise<number> {
  const options = invocation.options as unknown as ServeCommandOptions;
  const access = options.readOnly === true ? 'read-only' : 'read-write';
  return withSession({ options, surroundings, access }, async (session) => {
    const [folder] = invocation.operands;
    const settings = settingsOf(options, session, surroundings);
    const warning = unguarded(settings);
    if (warning !== undefined) session.show(warning);
    const server = await serve({ ...settings, ...placeOf(folder, session, surroundings) });
    try {
      const { host, url } = server;
      surroundings.stdout.write(options.json === true ? `${JSON.stringify({ host, url })}\n` : `${url}\n`);
      await aborted(session.signal);
    } finally {
      await server.close();
    }
    return exitCodes.done;
  });
}

/** Without a folder: the store, and a folder beside it for what is pushed. */
function placeOf(
  folder: string | undefined,
  session: Session,
  surroundings: Surroundings,
): Pick<ServeOptions, 'folder' | 'store'> {
  if (folder !== undefined) return { folder: resolve(session.folder, folder) };
  return { folder: join(cacheFolder(surroundings), 'registry'), store: session.store };
}

type Settings = Omit<ServeOptions, 'folder' | 'store'> & { readonly listen: { host: string; port: number } };

function settingsOf(options: ServeCommandOptions, session: Session, surroundings: Surroundings): Settings {
  const tls = certificateOf(options, session);
  return {
    listen: listenAddress(options.listen),
    access: options.readOnly === true ? 'read-only' : 'read-write',
    accounts: accountsOf(options, session, surroundings),
    ...(tls === undefined ? {} : { tls }),
    onWarning: (warning) => {
      session.show(warning);
    },
    ...(options.verbose === true ? { onAnswer: reporter(surroundings) } : {}),
  };
}

function accountsOf(
  { accounts }: ServeCommandOptions,
  session: Session,
  { env }: Surroundings,
): readonly Account[] {
  const single = env[accountVariable];
  const fromFile =
    accounts === undefined ? [] : parseAccounts(textOf(accounts, session), escapeText(accounts));
  if (accounts !== undefined && fromFile.length === 0) {
    throw new CommandError('command/bad-argument', `--accounts: ${escapeText(accounts)} has no account`, {
      help: 'write USER:PASSWORD into it, one a line',
    });
  }
  return [...fromFile, ...(single === undefined ? [] : parseAccounts(single, accountVariable))];
}

function certificateOf(
  { tlsCert, tlsKey }: ServeCommandOptions,
  session: Session,
): ServerCertificate | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert !== undefined && tlsKey !== undefined) {
    return { certificate: textOf(tlsCert, session), key: textOf(tlsKey, session) };
  }
  throw new CommandError('command/bad-argument', '--tls-cert and --tls-key belong together', {
    help: 'give both, or neither for plain http',
  });
}

function textOf(path: string, { folder }: Session): string {
  return Buffer.from(readBytes(folder, path)).toString('utf8');
}

function reporter({ stderr }: Surroundings): NonNullable<ServeOptions['onAnswer']> {
  return ({ method, url, status }) => {
    stderr.write(`${String(status)} ${method} ${escapeText(url)}\n`);
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) done();
    else signal.addEventListener('abort', () => done(), { once: true });
  });
}
