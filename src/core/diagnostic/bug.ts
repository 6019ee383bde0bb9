/** We are wrong: invariants that do not hold. The command ends with 70 and asks for a report. */

export class Bug extends Error {
  constructor(message: string) {
    super(`Bug: ${message}`);
  }
}

/** Makes the compiler prove that every case of a union was handled. */
export function assertNever(value: never): never {
  throw new Bug(`unhandled case ${JSON.stringify(value)}`);
}
