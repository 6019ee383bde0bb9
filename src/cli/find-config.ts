/**
 * Finds and reads the recipe: what `-f` names, else what stands in the working folder or above it. Text becomes text
 * with a name; code runs only where `-f` names it, and becomes the JSON of what it exports.
 */
import { createReadStream, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, extname, relative, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { DiagnosticsError } from '../core/diagnostic/failure.ts';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import type { SourceText } from '../core/diagnostic/source-text.ts';
import { decodeText } from '../core/recipe/decode-text.ts';
import { recipeLimits } from '../core/recipe/text-limits.ts';
import type { OnRead } from '../io/source/read-place.ts';
import { nativeDigestOf } from '../io/store/native-hasher.ts';
import { CommandError } from './command-error.ts';
import { searchPlaces } from './search-places.ts';
import { searchRecipe } from './search-recipe.ts';

export interface ConfigRequest {
  /** Absolute. */
  readonly cwd: string;
  /** `-f`: a file, or `-` for stdin. */
  readonly file?: string | undefined;
  readonly stdin: Readable;
  /** Told each place before it is looked at, for whoever reads the recipe again when it has changed. */
  readonly onRead?: OnRead | undefined;
}

export interface FoundConfig {
  readonly source: SourceText;
  /** The recipe's folder, absolute: what its local paths are relative to. */
  readonly folder: string;
}

/** Throws CommandError where there is no recipe or more than one, DiagnosticsError where its bytes are no text. */
export async function findConfig(request: ConfigRequest): Promise<FoundConfig> {
  const { cwd, file, stdin, onRead } = request;
  if (file === '-') return { source: await readText(stdin, '<stdin>'), folder: cwd };
  if (file !== undefined) return readNamed({ path: resolve(cwd, file), name: file, onRead });
  const [first, second] = await searchRecipe(cwd, onRead);
  if (first === undefined) throw notFound(cwd);
  if (second !== undefined) throw several(cwd, first, second);
  return readFound({ path: first, name: shownFrom(cwd, first), onRead });
}

function notFound(cwd: string): CommandError {
  const names = searchPlaces.map((place) => (place === 'package.json' ? 'package.json#oci' : place));
  return new CommandError('command/no-recipe', `there is no recipe in ${escapeText(cwd)} or above it`, {
    help: `\`layerwright init\` writes oci.config.yaml; -f names a file elsewhere; looked for were ${names.join(', ')}`,
  });
}

function several(cwd: string, first: string, second: string): CommandError {
  const [one, other] = [first, second].map((path) => shownFrom(cwd, path));
  return new CommandError('command/several-recipes', `${one ?? ''} and ${other ?? ''} are both recipes`, {
    help: 'keep one of them, or name one with -f',
  });
}

function shownFrom(cwd: string, path: string): string {
  return escapeText(relative(cwd, path));
}

interface RecipeFile {
  /** Absolute. */
  readonly path: string;
  /** As messages have it. */
  readonly name: string;
  readonly onRead: OnRead | undefined;
}

/** Where a link leads is a place of its own. */
function tell({ path, onRead }: RecipeFile): void {
  if (onRead === undefined) return;
  onRead({ folder: dirname(path), name: basename(path) });
  const real = realPath(path);
  if (real !== path) onRead({ folder: dirname(real), name: basename(real) });
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** A package.json's recipe is its key `oci`; the folder of what stands in `.config` is the one above. */
async function readFound(file: RecipeFile): Promise<FoundConfig> {
  tell(file);
  const { path, name } = file;
  const source = await readText(createReadStream(path), name);
  const isPackage = basename(path) === 'package.json';
  return { source: isPackage ? { ...source, root: '/oci' } : source, folder: folderOf(path) };
}

function folderOf(path: string): string {
  const folder = dirname(path);
  return basename(folder) === '.config' ? dirname(folder) : folder;
}

async function readNamed(file: RecipeFile): Promise<FoundConfig> {
  const { path, name } = file;
  const extension = extname(path);
  if (['.ts', '.mts', '.cts'].includes(extension) && !stripsTypes()) throw noTypes(name);
  if (!['.mjs', '.js', '.cjs', '.ts', '.mts', '.cts'].includes(extension)) return readFound(file);
  tell(file);
  const text = jsonOf(await loadModule(file), name);
  // Places are those of the JSON, so the name says that it is what is shown.
  return { source: { name: `${name} (as JSON)`, text }, folder: folderOf(path) };
}

/** process.features.typescript came with Node 22.10; it says `strip` or `transform` where .ts can be imported. */
function stripsTypes(): boolean {
  return Boolean((process.features as { readonly typescript?: unknown }).typescript);
}

function noTypes(name: string): CommandError {
  const problem = `${escapeText(name)} is TypeScript, which Node ${process.version} does not run`;
  return new CommandError('command/types-not-stripped', problem, {
    help: 'use Node 22.18 or later, or write it as .mjs or as YAML',
  });
}

async function loadModule(file: RecipeFile): Promise<unknown> {
  const { name } = file;
  try {
    const loaded = (await import(moduleUrl(file))) as { readonly default?: unknown };
    return await loaded.default;
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError('command/recipe-code', `running ${escapeText(name)}: ${escapeText(words)}`, {
      help: 'the file is a module whose default export is the recipe',
      cause,
    });
  }
}

/** Node runs a module once for each URL, so what is read again has its content in its name. */
function moduleUrl({ path, onRead }: RecipeFile): string {
  const { href } = pathToFileURL(path);
  return onRead === undefined ? href : `${href}?${nativeDigestOf(readFileSync(path))}`;
}

function jsonOf(value: unknown, name: string): string {
  if (typeof value === 'object' && value !== null) {
    try {
      return `${JSON.stringify(value, undefined, 2)}\n`;
    } catch {
      // A circle or a bigint: no recipe, as below.
    }
  }
  throw new CommandError('command/recipe-code', `the default export of ${escapeText(name)} is no recipe`, {
    help: 'export a plain object: export default defineConfig({ … })',
  });
}

async function readText(stream: Readable, name: string): Promise<SourceText> {
  const decoded = decodeText(name, await readBytes(stream, name));
  if (!decoded.ok) throw new DiagnosticsError(decoded.diagnostics);
  return decoded.value;
}

async function readBytes(stream: Readable, name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array | string>) {
      const bytes = typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk;
      chunks.push(bytes);
      size += bytes.length;
      // decodeText refuses so much, whatever follows.
      if (size > recipeLimits.bytes) break;
    }
  } catch (cause) {
    throw unreadable(name, cause);
  }
  return Buffer.concat(chunks);
}

function unreadable(name: string, cause: unknown): CommandError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (code === 'ENOENT') {
    return new CommandError('command/no-recipe', `there is no file ${escapeText(name)}`, {
      help: 'check the path after -f',
      cause,
    });
  }
  return new CommandError('command/unreadable-file', `reading the recipe ${escapeText(name)}: ${code}`, {
    cause,
    help: 'see that it is a file, and that you may read it',
  });
}
