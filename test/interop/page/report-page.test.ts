/** The page of `layerwright report` in a real browser: what it asks for, how it is used, by mouse and by keyboard. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../../src/core/compare/report.ts';
import { reportPage } from '../../../src/io/render/report/page.ts';
import { hasChromium, listenTo, openBrowser, type PageNoise } from '../../rigs/browser.ts';
import { lowContrasts } from './contrast.ts';
import { hostileName, sampleReport } from '../../rigs/sample-report.ts';
import { type ScratchFolder, scratchFolder } from '../../rigs/scratch-folder.ts';

describe.skipIf(!hasChromium)('the page of a report in Chromium (skipped without /usr/bin/chromium)', () => {
  let browser: Browser;
  let scratch: ScratchFolder;

  beforeAll(async () => {
    scratch = scratchFolder('report');
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    scratch.remove();
  });

  interface Opened {
    readonly page: Page;
    readonly noise: PageNoise;
    readonly url: string;
  }

  async function open(report: Report, options: Parameters<Browser['newPage']>[0] = {}): Promise<Opened> {
    const file = join(scratch.path, 'report.html');
    writeFileSync(file, reportPage(report));
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    page.setDefaultTimeout(20_000);
    const noise = listenTo(page);
    const url = pathToFileURL(file).href;
    await page.goto(url);
    await page.locator('.map .cell').first().waitFor();
    return { page, noise, url };
  }

  it('asks for nothing but itself, and complains of nothing', async () => {
    const { page, noise, url } = await open(sampleReport());
    expect(noise).toEqual({ requests: [url], complaints: [] });
    expect(await page.title()).toBe('ghcr.io/acme/api:1.4.0 · layerwright report');
    await page.close();
  });

  it('leads from a cell of the treemap to the lines of the recipe', async () => {
    const { page } = await open(sampleReport());
    await page.getByRole('button', { name: /^layer copy dist/ }).click();
    await page.getByRole('button', { name: /^server\.js/ }).click();
    const panel = page.getByRole('complementary');
    await expect.poll(() => panel.innerText()).toContain('oci.config.yaml:10–12');
    expect(await panel.locator('.line[aria-current] code').allInnerTexts()).toEqual([
      '  - copy: dist',
      '    to: dist',
      '    exclude: ["**/*.map"]',
    ]);
    expect(await panel.innerText()).toContain('dist/server.js');
    await page.close();
  });

  it('finds a file by a part of its path, and shows it', async () => {
    const { page } = await open(sampleReport());
    await page.getByRole('searchbox', { name: 'Search paths' }).fill('dist metrics');
    await expect.poll(() => contentsOf(page).getByRole('status').innerText()).toMatch(/^1 of /);
    await page.locator('#files .track .row').click();
    expect(await page.locator('.details').innerText()).toContain('/app/dist/metrics.js');
    await page.close();
  });

  it('narrows the contents to one change, and sorts them', async () => {
    const { page } = await open(sampleReport());
    await contentsOf(page).getByRole('button', { name: 'removed 1' }).click();
    await expect.poll(() => firstPaths(page)).toEqual(['/app/dist/legacy.js']);
    await contentsOf(page).getByRole('button', { name: /^all/ }).click();
    await contentsOf(page).getByRole('button', { name: 'Size' }).click();
    await expect.poll(async () => (await firstPaths(page))[0]).toBe('/usr/bin/bash');
    await page.close();
  });

  it('shows names that would be markup as the text that they are', async () => {
    const { page, noise } = await open(sampleReport());
    await page.getByRole('searchbox', { name: 'Search paths' }).fill('onerror');
    await expect.poll(() => firstPaths(page)).toEqual([`/${hostileName}`]);
    await page.getByRole('searchbox', { name: 'Search paths' }).fill('exe');
    await expect.poll(() => firstPaths(page)).toEqual(['/app/dist/\\u202egnp.exe']);
    expect(await page.locator('img, b:not([aria-hidden]), script').count()).toBe(2);
    expect(noise.complaints).toEqual([]);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('follows a %s system, and a switch turns it round', async (scheme) => {
    const { page } = await open(sampleReport(), { colorScheme: scheme });
    const backdrop = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const [light, dark] = ['rgb(245, 246, 248)', 'rgb(15, 18, 22)'];
    expect(await backdrop()).toBe(scheme === 'light' ? light : dark);
    await page.getByRole('switch', { name: 'Dark theme' }).click();
    await expect.poll(backdrop).toBe(scheme === 'light' ? dark : light);
    await page.close();
  });

  it.each(['light', 'dark'] as const)('has no text of too little contrast in %s', async (scheme) => {
    const { page } = await open(sampleReport(), { colorScheme: scheme });
    await page.getByRole('button', { name: 'npm', exact: true }).click();
    expect(await lowContrasts(page)).toEqual([]);
    await page.close();
  });

  it('is used by keyboard alone: Tab to each part, arrows within, Enter in, Escape out', async () => {
    const { page } = await open(sampleReport());
    const stops = await tabStops(page);
    expect(stops.slice(0, 10)).toEqual([
      'Skip to the contents',
      'Dark theme',
      'By layer',
      'By folder',
      'By package',
      'All files',
      'Changes only',
      expect.stringMatching(/^layer base node:22-slim/),
      'base node:22-slim',
      'npm',
    ]);
    expect(stops).toContain('Search packages');
    expect(stops).toContain('Packages: arrow keys move, Enter selects');
    expect(stops).toContain('Search paths');
    expect(stops).toContain('Contents: arrow keys move, Enter selects');
    expect(stops.at(-1)).toBe('Recipe oci.config.yaml');

    await page.locator('.map [tabindex="0"]').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => focusedName(page)).toMatch(/^folder usr/);
    await page.keyboard.press('Enter');
    expect(await page.locator('.crumbs').innerText()).toContain('usr');
    await page.keyboard.press('Escape');
    await expect.poll(() => focusedName(page)).toMatch(/^folder usr/);
    await page.keyboard.press('Escape');
    await expect.poll(() => focusedName(page)).toMatch(/^layer base/);
    await page.close();
  });

  it('moves through the contents by keyboard, and selects', async () => {
    const { page } = await open(sampleReport());
    await page.locator('#files').focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'PageDown', 'Home', 'ArrowDown', 'Enter'])
      await page.keyboard.press(key);
    expect(await page.locator('.details').innerText()).toContain('/app/dist/db.js');
    expect(await page.locator('#files .row[aria-selected="true"]').getAttribute('aria-rowindex')).toBe('3');
    await page.keyboard.press('Escape');
    expect(await page.locator('.details').innerText()).toContain('Choose a file or a layer');
    await page.close();
  });

  it('lists packages by their bytes, finds one, and shows its files', async () => {
    const { page } = await open(sampleReport());
    const list = page.getByRole('region', { name: 'Packages' });
    await expect.poll(() => list.getByRole('status').innerText()).toBe('41 of 41 packages');
    expect(await list.locator('.track .row').first().innerText()).toMatch(/bash\s+Debian amd64\s+5\.2\.15/);
    await page.getByRole('searchbox', { name: 'Search packages' }).fill('package-0005');
    await expect.poll(() => list.getByRole('status').innerText()).toBe('1 of 41 packages');
    await list.locator('.track .row').click();
    const panel = page.locator('.details');
    expect(await panel.innerText()).toMatch(/npm package\s+package-0005\s+Version\s+1\.4\.0 → 1\.5\.5/);
    await panel.getByRole('button', { name: '12 files' }).click();
    await expect.poll(() => contentsOf(page).getByRole('status').innerText()).toMatch(/^12 of /);
    await contentsOf(page)
      .getByRole('button', { name: 'Only files of package-0005 1.5.5: show all again' })
      .click();
    await expect.poll(() => contentsOf(page).getByRole('status').innerText()).toMatch(/^(\S+) of \1 paths$/);
    await page.close();
  });

  it('tells which packages are there more than once, and what belongs to none', async () => {
    const { page } = await open(sampleReport());
    const list = page.getByRole('region', { name: 'Packages' });
    await list.getByRole('button', { name: 'duplicated 2' }).click();
    await expect.poll(() => list.getByRole('status').innerText()).toBe('2 of 41 packages');
    await list.getByText('1 package more than once in the image').click();
    expect(await list.locator('.duplicates tbody').innerText()).toContain('package-0006\t1.5.');
    await list.getByRole('button', { name: 'Show them' }).click();
    await page.getByRole('searchbox', { name: 'Search paths' }).fill('package-');
    await expect.poll(() => contentsOf(page).getByRole('status').innerText()).toMatch(/^0 of /);
    await page.close();
  });

  it('shows the treemap by package, by keyboard too', async () => {
    const { page } = await open(sampleReport());
    await page.getByRole('button', { name: 'By package' }).click();
    await page.getByRole('button', { name: /^package package-0005 1\.5\.5, / }).focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('.crumbs').innerText()).toContain('package-0005 1.5.5');
    expect(await page.locator('.details').innerText()).toContain('/app/node_modules/package-0005');
    await page.keyboard.press('Escape');
    await expect.poll(() => focusedName(page)).toMatch(/^package package-0005/);
    await page.close();
  });

  it('moves through the packages by keyboard, and selects', async () => {
    const { page } = await open(sampleReport());
    await page.locator('#package-rows').focus();
    for (const key of ['ArrowDown', 'End', 'Home', 'Enter']) await page.keyboard.press(key);
    expect(await page.locator('.details').innerText()).toMatch(/^Debian package\s+bash/);
    expect(await page.locator('#package-rows .row[aria-selected="true"]').getAttribute('aria-rowindex')).toBe(
      '2',
    );
    expect(await page.locator('#files .row[aria-selected="true"]').count()).toBe(0);
    await page.close();
  });

  it('has no list of packages where there are none', async () => {
    const { page } = await open({ ...sampleReport(), packages: [] });
    expect(await page.getByRole('region', { name: 'Packages' }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'By package' }).count()).toBe(0);
    await page.close();
  });

  it('fits a screen of 390 pixels, where what is selected opens over it', async () => {
    const { page } = await open(sampleReport(), { viewport: { width: 390, height: 844 } });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await page.getByRole('button', { name: 'npm', exact: true }).click();
    await page.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => focusedName(page)).toBe('npm');
    await page.locator('#package-rows .track .row').first().click();
    await page.locator('.details').getByRole('button', { name: '1 file' }).click();
    await expect.poll(() => page.getByRole('complementary').isVisible()).toBe(false);
    await expect.poll(() => firstPaths(page)).toEqual(['/usr/bin/bash']);
    await page.close();
  });

  it('stays quick with 10,000 files', async () => {
    const { page } = await open(sampleReport({ packages: 400, filesEach: 25 }));
    const rows = await page.locator('#files .track .row').count();
    expect(rows).toBeLessThan(60);
    const took = await page.evaluate(() => {
      const search = document.querySelector<HTMLInputElement>('#search');
      const began = performance.now();
      for (const text of ['m', 'mo', 'module-7', 'package-0123', '']) {
        search?.setRangeText(text, 0, search.value.length);
        search?.dispatchEvent(new Event('input'));
      }
      return performance.now() - began;
    });
    // Five searches; tens of milliseconds each on this computer, and nobody waits for less than seconds.
    expect(took).toBeLessThan(3_000);
    await page.close();
  });
});

function contentsOf(page: Page): Locator {
  return page.getByRole('region', { name: 'Contents' });
}

async function firstPaths(page: Page): Promise<string[]> {
  return page.locator('#files .track .path').allInnerTexts();
}

/** The accessible name, as far as this page gives any. */
function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const focused = document.activeElement;
    return focused?.getAttribute('aria-label') ?? focused?.textContent ?? '';
  });
}

/** Everything that Tab reaches, in its order. */
async function tabStops(page: Page): Promise<string[]> {
  const stops: string[] = [];
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press('Tab');
    const isBody = await page.evaluate(() => document.activeElement === document.body);
    if (isBody) break;
    stops.push(await focusedName(page));
  }
  return stops;
}
