/** Light or dark: as the system has it, until the reader says otherwise. Nothing is kept. */
import { button } from './element.ts';

export function themeSwitch(): HTMLElement {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const root = document.documentElement;
  const isDark = (): boolean => (root.dataset['theme'] ?? (system.matches ? 'dark' : 'light')) === 'dark';
  const show = (): void => {
    made.setAttribute('aria-checked', String(isDark()));
  };
  const made = button({ class: 'theme', role: 'switch' }, ['Dark theme'], () => {
    root.dataset['theme'] = isDark() ? 'light' : 'dark';
    show();
  });
  system.addEventListener('change', show);
  show();
  return made;
}
