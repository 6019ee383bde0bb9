/** Our own documents, and what stands in them: blocks of code, pieces of code in a line, headings. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

export const repository = resolve(import.meta.dirname, '../..');

export interface CodeBlock {
  /** `sh`, `yaml`; empty where the block does not say. */
  readonly language: string;
  readonly text: string;
}

export function readDocument(file: string): Promise<string> {
  return readFile(join(repository, file), 'utf8');
}

/** Our Markdown files, relative to the repository, sorted. */
export async function documentNames(): Promise<readonly string[]> {
  const examples = (await readdir(join(repository, 'examples'))).map((name) => `examples/${name}/README.md`);
  const docs = (await readdir(join(repository, 'docs'), { recursive: true })).map((name) => `docs/${name}`);
  const all = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...docs, ...examples];
  return all.filter((file) => file.endsWith('.md') && existsSync(join(repository, file))).sort();
}

export function codeBlocks(markdown: string): readonly CodeBlock[] {
  return [...markdown.matchAll(/^```(?<language>\w*)[^\n]*\n(?<text>.*?)^```$/gms)].map((match) => ({
    language: match.groups?.['language'] ?? '',
    text: match.groups?.['text'] ?? '',
  }));
}

/** The blocks between a heading and the next one of any level; throws where there are none. */
export function sectionBlocks(markdown: string, heading: string): readonly CodeBlock[] {
  // A comment in a block is no heading.
  const marked = markdown.replaceAll(/^```.*?^```$/gms, (block) => block.replaceAll(/^#/gm, '\0#'));
  const section = marked
    .split(/^(?=#+ )/m)
    .find((part) => part.replace(/^#+ /, '').startsWith(`${heading}\n`))
    ?.replaceAll('\0#', '#');
  const blocks = codeBlocks(section ?? '');
  if (blocks.length === 0) throw new Error(`no blocks under ${heading}`);
  return blocks;
}

/** What stands between single backquotes outside blocks. */
export function codeSpans(markdown: string): readonly string[] {
  const prose = markdown.replaceAll(/^```.*?^```$/gms, '');
  return [...prose.matchAll(/`(?<code>[^`\n]+)`/g)].map((match) => match.groups?.['code'] ?? '');
}

/** The fragments that lead to a document's headings, as GitHub makes them. */
export function headingAnchors(markdown: string): ReadonlySet<string> {
  const prose = markdown.replaceAll(/^```.*?^```$/gms, '');
  const seen = new Map<string, number>();
  const anchors = [...prose.matchAll(/^#+ (?<title>.*)$/gm)].map((match) => {
    const title = (match.groups?.['title'] ?? '').toLowerCase();
    const anchor = title.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${String(times)}`;
  });
  return new Set(anchors);
}
