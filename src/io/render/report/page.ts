/**
 * A report as one HTML file: its value as JSON, and the script and style that show it. The page may load nothing: its
 * content security policy allows this script and this style, by their digests, and no other source of anything.
 */
import { createHash } from 'node:crypto';
import { escapeText } from '../../../core/diagnostic/escape-text.ts';
import type { Report } from '../../../core/compare/report.ts';
import { script, style } from './page-source.ts';

/** What a file begins with that this command may write over. */
export const reportBeginning =
  '<!doctype html>\n<html lang="en">\n<head>\n<meta name="generator" content="layerwright report">\n';

export function reportPage(report: Report): string {
  return `${reportBeginning}<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${asHtml(escapeText(report.image.name))} · layerwright report</title>
<style>${style}</style>
</head>
<body>
<noscript>This report is shown by the script that it carries, and scripts are switched off here.</noscript>
<script type="application/json" id="report">${asScriptContent(report)}</script>
<script>${script}</script>
</body>
</html>
`;
}

function policy(): string {
  return [
    "default-src 'none'",
    `script-src ${sourceOf(script)}`,
    `style-src ${sourceOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** CSP level 3, hash-source: the base64 of the element's content. */
function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** JSON in which nothing can end the script element or begin a comment in it, whatever names say. */
function asScriptContent(report: Report): string {
  return JSON.stringify(report).replaceAll('<', '\\u003c');
}

function asHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
