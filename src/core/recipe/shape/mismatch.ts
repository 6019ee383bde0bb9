/** What to say where a value is of another type than its shape, and how to write it instead. */
import type * as v from 'valibot';
import { escapeText, quoteText } from '../../diagnostic/escape-text.ts';
import type { RecipePath } from '../../diagnostic/source-text.ts';
import type { Problem } from '../problem-list.ts';
import { describeNode, type NumberNode, type RecipeNode, type TextNode } from '../recipe-node.ts';
import { splitCommand } from '../split-command.ts';
import { innerShape } from './shape-kind.ts';
import { command, mode } from './value-shape.ts';

export function mismatch(schema: v.GenericSchema, node: RecipeNode): Problem {
  const { schema: inner } = innerShape(schema);
  if (isMade(inner, mode) && node.type === 'number') return modeNotText(node);
  if (isMade(inner, command) && node.type === 'text') return commandNotList(node);
  return {
    code: 'recipe/wrong-type',
    message: `${nameOf(node.at)} takes ${expectedBy(schema)}, not ${describeNode(node)}`,
    help: cure(schema, node),
  };
}

/** Whether the schema is `origin`, or a pipe that begins with what it begins with. */
function isMade(schema: v.GenericSchema, origin: v.GenericSchema): boolean {
  return originOf(schema) === originOf(origin);
}

function originOf(schema: v.GenericSchema): unknown {
  return 'pipe' in schema && Array.isArray(schema.pipe)
    ? originOf(schema.pipe[0] as v.GenericSchema)
    : schema;
}

/** The key that a value stands under, for the begin of a sentence: `tags`, or an item of `tags`. */
export function nameOf(at: RecipePath): string {
  const parts = at.split('/').slice(1);
  const last = parts.at(-1);
  if (last === undefined) return 'a recipe';
  if (/^\d+$/.test(last) && parts.length > 1)
    return `an item of ${quoteText(keyOf(at.slice(0, at.lastIndexOf('/'))))}`;
  return quoteText(keyOf(at));
}

function keyOf(at: RecipePath): string {
  return at
    .slice(at.lastIndexOf('/') + 1)
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
}

/** What the shape takes: `text`, `a list of text`, `text or a map`. */
export function expectedBy(schema: v.GenericSchema): string {
  const { shape } = innerShape(schema);
  switch (shape.type) {
    case 'string':
      return 'text';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'picklist':
      return shape.options.map((option) => `\`${option}\``).join(' or ');
    case 'array':
      return `a list of ${listed(shape.item)}`;
    case 'record':
    case 'strict_object':
      return 'a map';
    case 'union':
      return [...new Set(shape.options.map(expectedBy))].join(' or ');
    case 'optional':
      return expectedBy(shape.wrapped);
  }
}

function listed(item: v.GenericSchema): string {
  const expected = expectedBy(item);
  return expected === 'a map' ? 'maps' : expected;
}

function cure(schema: v.GenericSchema, node: RecipeNode): string {
  const expected = expectedBy(schema);
  if (node.type === 'nothing') return 'give it a value, or remove the key';
  const scalar = scalarText(node);
  if (node.type === 'list' && expected === 'a map') return 'write it as a map: KEY: VALUE';
  if (scalar !== undefined && expected === 'text') return `quote it: "${scalar}"`;
  if (scalar !== undefined && expected.startsWith('a list of text')) return `write a list: [${scalar}]`;
  return `write ${expected}`;
}

function scalarText(node: RecipeNode): string | undefined {
  if (node.type === 'text' || node.type === 'number') return escapeText(node.text).slice(0, 80);
  return node.type === 'boolean' ? String(node.value) : undefined;
}

// YAML 1.2 has 0o755 for octal; 0755 is decimal in its core schema, and JSON has no octal at all.
function modeNotText(node: NumberNode): Problem {
  const key = keyOf(node.at);
  const digits = node.text.replace(/^0o/, '0');
  const isOctal = /^0?[0-7]{3,4}$/.test(digits);
  const quoted = `${key}: "${digits.padStart(4, '0')}"`;
  return {
    code: 'recipe/mode-not-text',
    message: `\`${key}: ${node.text}\` is the decimal number ${node.value} in YAML`,
    help: isOctal ? `quote it: ${quoted}` : `write octal digits in quotes, such as ${key}: "0755"`,
  };
}

function commandNotList(node: TextNode): Problem {
  const key = keyOf(node.at);
  return {
    code: 'recipe/command-not-list',
    message: `\`${key}\` is a list, since no shell takes it apart`,
    help: `write it as a list: ${key}: ${splitCommand(node.text)}`,
  };
}
