/**
 * This computer as far as sources ask for it: where credentials, caches and lists of mirrors stand. Only places come from
 * here, and never a value that reaches a byte of a layer or a key.
 */
export interface Machine {
  /** The user's own folder, absolute. */
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where apt keeps its lists of sources. */
  readonly aptFolder: string;
  /** Where keyrings stand that distributions are verified with, the first that has one wins. */
  readonly keyringFolders: readonly string[];
}

/** A folder in which nothing can be, so that nothing is found. */
const nowhere = '/dev/null';

/** For callers that name no machine: nothing of it is read. */
export const noMachine: Machine = { home: nowhere, env: {}, aptFolder: nowhere, keyringFolders: [] };
