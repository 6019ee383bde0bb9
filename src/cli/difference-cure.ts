/** What to do about an image that building again does not give. */
import type { Difference } from '../core/compare/difference.ts';

/** One sentence; undefined where nothing better is known than to look. */
export function cureOf({ field, given = '' }: Difference): string | undefined {
  const epoch = field === 'created' || field === 'history created' ? epochOf(given) : undefined;
  if (epoch !== undefined)
    return `build again with SOURCE_DATE_EPOCH=${epoch}, which the image was made with`;
  return cures[field];
}

const sources = 'build from the files that the image was made of';

const cures: Readonly<Record<string, string>> = {
  content: sources,
  'missing entry': sources,
  'extra entry': sources,
  'link target': sources,
  'compression level': 'set `compression:` to the level that the image was made with',
  encoder: 'the files are the same; only who compressed them is not',
};

function epochOf(text: string): string | undefined {
  const milliseconds = Date.parse(text.replaceAll('`', ''));
  return Number.isFinite(milliseconds) ? String(Math.floor(milliseconds / 1000)) : undefined;
}
