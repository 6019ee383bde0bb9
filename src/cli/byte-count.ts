/** An amount of bytes as a flag takes it, in the units in which sizes are printed: 1 MB is 1,000,000 bytes. */
import { InvalidArgumentError } from 'commander';

const units: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

/** `5MB`, `1.5 GiB`, `800`: bytes, 0 or more. */
export function parseByteCount(text: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,15}(?:\.\d{1,3})?) ?([a-z]*)$/i.exec(text) ?? [];
  const factor = amount === '' ? undefined : units[unit.toLowerCase()];
  const bytes = Math.round(Number(amount) * (factor ?? 0));
  if (factor !== undefined && Number.isSafeInteger(bytes)) return bytes;
  throw new InvalidArgumentError('A size is needed: a number, and B, kB, MB, GB, KiB, MiB or GiB.');
}
