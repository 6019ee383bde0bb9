/** What to say of a key that a shape does not have: a slip, or a key of another place. */
import { escapeText } from '../../diagnostic/escape-text.ts';
import { suggest } from '../../diagnostic/suggest.ts';
import type { Problem } from '../problem-list.ts';
import { layer } from './layer-shape.ts';
import { shapeOf } from './shape-kind.ts';

/** `title` is what the map is called; `known` are its keys. */
export function unknownKey(key: string, title: string, known: readonly string[]): Problem {
  const shown = `\`${escapeText(key).slice(0, 100)}\``;
  if (title.endsWith('layer') && layerKeys().has(key)) return misplaced(shown, title, known);
  return { code: 'recipe/unknown-key', message: `unknown key ${shown}`, help: cure(key, known) };
}

function misplaced(shown: string, title: string, known: readonly string[]): Problem {
  const code = 'recipe/misplaced-key';
  const ofLayer = ['compression', 'dedupe', ...(title === 'npm layer' ? ['split'] : [])];
  // Only an item of a group takes less than every layer does.
  if (ofLayer.some((key) => shown === `\`${key}\``))
    return {
      code,
      message: `${shown} is said of a whole layer, not of an item of a group`,
      help: 'write it beside `group`',
    };
  return { code, message: `${shown} does not belong to a ${title}`, help: `it takes ${known.join(', ')}` };
}

function layerKeys(): Set<string> {
  const keys = layer.options.flatMap((option) => {
    const shape = shapeOf(option);
    return shape.type === 'strict_object' ? Object.keys(shape.entries) : [];
  });
  return new Set(keys);
}

/** How other tools call what a recipe has under another name. */
const otherNames: Readonly<Record<string, string>> = {
  add: 'copy',
  base: 'from',
  command: 'cmd',
  environment: 'env',
  expose: 'ports',
  files: 'layers',
  name: 'image',
  repository: 'image',
  working_dir: 'workdir',
};

function cure(key: string, known: readonly string[]): string {
  if (key === 'run' || key === 'build') {
    return 'a recipe runs nothing: build with your own tools first, then `copy` the result';
  }
  const other = Object.hasOwn(otherNames, key) ? otherNames[key] : undefined;
  const near = other !== undefined && known.includes(other) ? other : suggest(key, known);
  if (near !== undefined) return `did you mean \`${near}\`?`;
  return `known here: ${known.join(', ')}; keys that begin with \`x-\` are free`;
}
