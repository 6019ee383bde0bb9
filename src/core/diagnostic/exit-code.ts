/** The exit codes of the command, by name. docs/diagnostics.md lists them for users. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  untrusted: 3,
  integrity: 4,
  registry: 5,
  unauthorised: 6,
  resource: 7,
  userCommand: 8,
  policy: 9,
  differs: 10,
  bug: 70,
} as const;

export type ExitName = keyof typeof exitCodes;
export type ExitCode = (typeof exitCodes)[ExitName];
