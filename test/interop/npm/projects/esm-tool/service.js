#!/usr/bin/env node
import { createServer } from 'node:http';
import { execa } from 'execa';
import rehypeStringify from 'rehype-stringify';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import remarkRehype from 'remark-rehype';
import { unified } from 'unified';

const markdown = unified().use(remarkParse).use(remarkGfm).use(remarkRehype).use(rehypeStringify);

createServer(async (_request, response) => {
  const { stdout } = await execa(process.execPath, ['-p', '"esm-tool"']);
  response.end(String(await markdown.process(`# ${stdout}\n\n| a |\n| - |\n| ~b~ |\n`)));
}).listen(Number(process.env.PORT), '127.0.0.1');
