/** Texts, lists and maps as YAML writes them on one line. */

/** What would be read as something else than a text, or ends one: quoted. YAML 1.2.2, 7.3.3 and 10.3.2. */
const plain = /^[A-Za-z0-9_./~@+-][A-Za-z0-9_./~@+:=*-]*$/;
const other = /^(?:[-+.]?\.?\d[\d_.eE+:-]*|0x[\da-f]+|0o[0-7]+|true|false|null|~|-+|\.(?:inf|nan))$/i;

export function flowText(text: string): string {
  const isPlain = plain.test(text) && !other.test(text) && !text.endsWith(':');
  if (isPlain) return text;
  // A double-quoted text takes the escapes of JSON (YAML 1.2.2, 5.7).
  return /^[ -&(-~]+$/.test(text) ? `'${text}'` : JSON.stringify(text);
}

export function flowList(texts: readonly string[]): string {
  return `[${texts.map(flowText).join(', ')}]`;
}

/** `{ copy: dist, to: dist }`; values are written already. */
export function flowMap(pairs: readonly (readonly [key: string, value: string])[]): string {
  return `{ ${pairs.map(([key, value]) => `${key}: ${value}`).join(', ')} }`;
}
