/**
 * A password or token that cannot slip into output: printed, inspected, spread or put into JSON it shows `[secret]`.
 * Only `reveal` gives the text, and only the code that writes an Authorization header or a token request calls it.
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}

/** Replaces every occurrence of the secrets in text that comes from outside. Empty and tiny ones are left alone. */
export function withoutSecrets(text: string, secrets: Iterable<Secret>): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.reveal().length >= 4) clean = clean.replaceAll(secret.reveal(), '[secret]');
  }
  return clean;
}
