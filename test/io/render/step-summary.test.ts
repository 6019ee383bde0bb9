import { describe, expect, test } from 'vitest';
import { stepSummary, type SummaryImage, type SummaryLayer } from '../../../src/io/render/step-summary.ts';
import { digest } from './event-stream.ts';

const layer: SummaryLayer = {
  label: 'copy dist',
  outcome: 'built',
  why: '1 file changed: server.js',
  size: 1_200_000,
  before: 1_000_000,
};
const image: SummaryImage = {
  name: 'ghcr.io/acme/api:1.4.0',
  platform: 'linux/amd64',
  digest,
  size: 31_400_000,
  newBytes: 1_200_000,
  before: 31_200_000,
  layers: [
    { label: 'base', outcome: 'base', why: '', size: 30_200_000 },
    layer,
    { ...layer, label: 'settings', outcome: 'cached', why: 'nothing changed', size: 130, before: 130 },
    { ...layer, label: 'assets', why: '2 files removed: a, b', size: 300, before: 3_300_000 },
  ],
};

describe('the summary of a step', () => {
  test('shows images and layers, their sizes, and what has grown', async () => {
    const { before, ...first } = image;
    const text = stepSummary([image, { ...first, platform: 'linux/arm64', layers: [layer] }]);
    expect(before).toBeDefined();
    await expect(text).toMatchFileSnapshot('golden/step-summary.txt');
  });

  test('has no markup that a name brings along', () => {
    const label = '</code>|\n<img src=x> **b** [a](javascript:1) `c` @team #1 &amp; \u202e';
    const text = stepSummary([{ ...image, name: label, layers: [{ ...layer, label, why: label }] }]);
    const others = text.replaceAll(/<\/?(?:code|details|summary)>/g, '').replaceAll(/&#\d+;/g, '');
    expect(others.replace('### layerwright', '')).not.toMatch(/[<>`*[\]@#&\u202e]/);
    const columns = text.split('\n').flatMap((row) => row.match(/\|/g)?.length ?? []);
    expect(columns).toEqual([7, 7, 7, 6, 6, 6]);
  });

  test('stays small, however many layers and however long the names', () => {
    const layers = Array.from({ length: 5000 }, () => ({ ...layer, why: '<'.repeat(10_000) }));
    const text = stepSummary([{ ...image, layers }, image]);
    expect(text).toContain('… and 4850 more');
    expect(text.length).toBeLessThan(1_000_000);
  });
});
