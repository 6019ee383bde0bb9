/**
 * Elements of the page. Text goes in as text nodes only and is escaped first, so no name from an image can become
 * markup, turn the reading direction or hide itself.
 */
import { escapeText } from '../../../../core/diagnostic/escape-text.ts';

/** Attributes that carry no code; `undefined` leaves one out. */
export type Attributes = Readonly<
  Partial<
    Record<
      'class' | 'for' | 'href' | 'id' | 'placeholder' | 'role' | 'scope' | 'tabindex' | 'title' | 'type',
      string
    >
  > & {
    readonly [name: `aria-${string}` | `data-${string}`]: string | undefined;
  }
>;

export type Child = Node | string;

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  children: readonly Child[] = [],
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.map((child) => (typeof child === 'string' ? escapeText(child) : child)));
  return made;
}

/** A button that does something on this page. */
export function button(
  attributes: Attributes,
  children: readonly Child[],
  onClick: () => void,
): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, children);
  made.addEventListener('click', onClick);
  return made;
}

/** A part of the page under a heading, which names it for whoever jumps from part to part. */
export function section(id: string, title: string, children: readonly Child[]): HTMLElement {
  const heading = element('h2', { id: `${id}-title` }, [title]);
  return element('section', { id, class: 'card', 'aria-labelledby': `${id}-title` }, [heading, ...children]);
}

/** One of several choices, of which one is always taken. */
export function choices<Value extends string>(
  name: string,
  options: readonly { readonly value: Value; readonly text: string }[],
  onChoice: (value: Value) => void,
): HTMLElement {
  const buttons = options.map(({ value, text }, index) => {
    const made = button({ 'aria-pressed': String(index === 0) }, [text], () => {
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === made));
      onChoice(value);
    });
    return made;
  });
  return element('div', { class: 'choices', role: 'group', 'aria-label': name }, buttons);
}
