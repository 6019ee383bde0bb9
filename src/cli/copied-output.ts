/** Tells of a file or folder that a command has written where the recipe copies it from: the next image has it too. */
import { join, posix, relative, resolve, sep } from 'node:path';
import type { Diagnostic } from '../core/diagnostic/diagnostic.ts';
import { escapeText } from '../core/diagnostic/escape-text.ts';
import { formatTransportReference } from '../core/recipe/transport-reference.ts';
import type { RecipePlan } from '../build.ts';
import type { PlannedDelivery } from './deliver-all.ts';

type ReadPlan = Pick<RecipePlan, 'portable' | 'contextFolder'> & Partial<Pick<RecipePlan, 'inputs'>>;

/** `path` is absolute. Undefined where the plan read neither it nor anything below it. */
export function copiedOutput(path: string, planned: ReadPlan, name = path): Diagnostic | undefined {
  if (!isCopied(path, planned)) return undefined;
  return {
    code: 'command/output-in-image',
    severity: 'warning',
    message: `${escapeText(name)} is written where the recipe copies from: this image holds the one before`,
    help: 'write it elsewhere with -o, or list it in .dockerignore',
  };
}

/** Those of a build, each once. */
export function copiedDeliveries(deliveries: readonly PlannedDelivery[], planned: ReadPlan): Diagnostic[] {
  const places = new Map<string, string>();
  for (const { destination, folder } of deliveries)
    if ('path' in destination)
      places.set(resolve(folder, markOf(destination)), formatTransportReference(destination));
  return [...places].flatMap(([path, name]) => copiedOutput(path, planned, name) ?? []);
}

/** What shows that an image was written there before: a layout may lie in a folder of sources that has none. */
function markOf({ transport, path }: { readonly transport: string; readonly path: string }): string {
  return transport === 'oci' ? join(path, 'oci-layout') : path;
}

/** Whether the plan copies the path, or anything below it. */
export function isCopied(path: string, { portable, contextFolder, inputs }: ReadPlan): boolean {
  const named = relative(contextFolder, path).replaceAll(sep, '/');
  if (inputs !== undefined && !isInSource(named, inputs)) return false;
  const isIt = (source: string): boolean => source === named || source.startsWith(`${named}/`);
  return Object.values(portable.trees).some(({ contents }) =>
    Object.values(contents).some((content) => content.in === 'context' && isIt(content.path)),
  );
}

/** Whether a source that is read may hold the path, which costs less to know than what is in it. */
function isInSource(named: string, { asked }: RecipePlan['inputs']): boolean {
  return Object.values(asked)
    .flat()
    .some((source) => source.kind === 'copy' && overlap(posix.normalize(source.source), named));
}

function overlap(source: string, named: string): boolean {
  const folder = source.replace(/\/$/, '');
  return folder === '.' || `${named}/`.startsWith(`${folder}/`) || folder.startsWith(`${named}/`);
}
