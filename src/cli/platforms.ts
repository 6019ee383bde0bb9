/** `--platform`: a list of platforms, `all`, or `local` for this computer's. */
import { escapeText } from '../core/diagnostic/escape-text.ts';
import { parsePlatform, type Platform } from '../core/oci/platform.ts';
import { CommandError } from './command-error.ts';
import { hostPlatform } from './host-platform.ts';

/** Undefined where nothing is asked for. Throws `command/bad-argument`. */
export function platformsOf(written: readonly string[] | undefined): readonly Platform[] | 'all' | undefined {
  if (written === undefined || written.length === 0) return undefined;
  if (written.includes('all')) return 'all';
  return written.map((text) => (text === 'local' ? hostPlatform() : platformOf(text)));
}

function platformOf(text: string): Platform {
  const parsed = parsePlatform(text);
  if (parsed.ok) return parsed.platform;
  throw new CommandError('command/bad-argument', `--platform ${escapeText(text)} is not a platform`, {
    help: 'write os/architecture[/variant], e.g. linux/arm64, or `all` or `local`',
  });
}
