/** The recipe as it was written, with the lines marked that the selected thing comes from. */
import { escapeText } from '../../../../core/diagnostic/escape-text.ts';
import type { RecipeLines, Report } from '../../../../core/compare/report.ts';
import { element } from './element.ts';

export interface RecipeView {
  readonly shown: readonly HTMLElement[];
  mark(lines: RecipeLines | undefined): void;
}

export function recipeView({ recipe }: Report): RecipeView {
  const lines = recipe.text.trimEnd().split(/\r?\n/).map(lineElement);
  const listing = element(
    'div',
    { class: 'recipe', role: 'region', tabindex: '0', 'aria-label': `Recipe ${escapeText(recipe.file)}` },
    lines,
  );
  const mark: RecipeView['mark'] = (marked) => {
    const [first, last] = marked ?? [0, 0];
    lines.forEach((line, index) => {
      const isMarked = index + 1 >= first && index + 1 <= last;
      if (isMarked) line.setAttribute('aria-current', 'true');
      else line.removeAttribute('aria-current');
    });
    const [top] = lines.slice(Math.max(first - 1, 0), last);
    if (top !== undefined) listing.scrollTop = top.offsetTop - listing.clientHeight / 3;
  };
  return { shown: [element('h3', {}, [recipe.file]), listing], mark };
}

function lineElement(text: string, index: number): HTMLElement {
  return element('div', { class: 'line' }, [
    element('span', { class: 'number', 'aria-hidden': 'true' }, [String(index + 1)]),
    element('code', {}, [text.replaceAll('\t', '  ')]),
  ]);
}
