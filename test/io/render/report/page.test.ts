import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { reportBeginning, reportPage } from '../../../../src/io/render/report/page.ts';
import { sampleReport } from '../../../rigs/sample-report.ts';

describe('the page of a report', () => {
  const page = reportPage(sampleReport());

  it('begins with what tells it from files of others', () => {
    expect(page.startsWith(reportBeginning)).toBe(true);
  });

  it('allows its own script and style by their digests, and nothing else', () => {
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `script-src '${digestOf(/<script>(.*?)<\/script>/s)}'`,
      `style-src '${digestOf(/<style>(.*?)<\/style>/s)}'`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  it('names no other place, and runs no attribute', () => {
    const own = page.replace(/<script type="application.json".*?<.script>/s, '');
    expect(own.match(/https?:|url\(|@import|<link|<img|\ssrc=|\son\w+="|\sstyle="/g) ?? []).toEqual([]);
  });

  it('is the same for the same report, and has a title that is text', () => {
    const report = sampleReport();
    const image = { ...report.image, name: '</title><script>alert(1)</script>\u202e' };
    expect(reportPage(sampleReport())).toBe(page);
    expect(reportPage({ ...report, image })).toContain(
      '<title>&lt;/title>&lt;script>alert(1)&lt;/script>\\u202e · layerwright report</title>',
    );
  });

  function digestOf(element: RegExp): string {
    const [, content = ''] = element.exec(page) ?? [];
    return `sha256-${createHash('sha256').update(content).digest('base64')}`;
  }
});
