/** Debian's Chromium, headless, asking nothing of any network of its own accord. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const executablePath = '/usr/bin/chromium';

/** Without it, tests of pages are skipped; scripts/setup-interop.sh installs it. */
export const hasChromium = existsSync(executablePath);

export function openBrowser(): Promise<Browser> {
  const switches = ['gpu', 'quic', 'background-networking', 'component-update', 'sync'].map(
    (name) => `--disable-${name}`,
  );
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--no-first-run', ...switches] });
}

/** What a page asked for and complained of. */
export interface PageNoise {
  readonly requests: string[];
  readonly complaints: string[];
}

export function listenTo(page: Page): PageNoise {
  const noise: PageNoise = { requests: [], complaints: [] };
  page.on('request', (request) => noise.requests.push(request.url()));
  page.on('console', (message) => noise.complaints.push(message.text()));
  page.on('pageerror', (error) => noise.complaints.push(String(error)));
  return noise;
}
