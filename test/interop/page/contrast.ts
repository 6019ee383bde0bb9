/** Texts of a page that stand out too little from what is behind them (WCAG 2.2, 1.4.3: 4.5 to 1). */
import type { Page } from 'playwright-core';

/** `ratio text`, one for each. Of a background only the colour counts, not its pattern. */
export function lowContrasts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    type Color = readonly [red: number, green: number, blue: number, alpha: number];
    const read = (text: string): Color => {
      const [red = 0, green = 0, blue = 0, alpha = 1] = (text.match(/[\d.]+/g) ?? []).map(Number);
      return [red, green, blue, alpha];
    };
    const behind = (start: Element): Color => {
      for (let at: Element | null = start; at !== null; at = at.parentElement) {
        const color = read(getComputedStyle(at).backgroundColor);
        if (color[3] > 0) return color;
      }
      return [255, 255, 255, 1];
    };
    const luminance = ([red, green, blue]: Color): number => {
      const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const found: string[] = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const { parentElement, textContent } = node;
      if (parentElement === null || textContent?.trim() === '' || !parentElement.checkVisibility()) continue;
      const [a, b] = [read(getComputedStyle(parentElement).color), behind(parentElement)].map(luminance);
      const ratio = (Math.max(a ?? 0, b ?? 0) + 0.05) / (Math.min(a ?? 0, b ?? 0) + 0.05);
      if (ratio < 4.5) found.push(`${ratio.toFixed(2)} ${textContent ?? ''}`);
    }
    return found;
  });
}
