/** The values of one layer. */
import { assertNever } from '../../diagnostic/bug.ts';
import { escapeText, quoteText } from '../../diagnostic/escape-text.ts';
import { joinPointer } from '../../diagnostic/source-text.ts';
import type { FetchLayer, ImageLayer, LayerRecipe, LinkLayer, SingleLayer } from '../recipe.ts';
import { parseTransportReference } from '../transport-reference.ts';
import { isUrl, nameInUrl, urlProblem } from '../value/web-address.ts';
import { type Check, checkAccount, checkName, checkNoNul } from './check.ts';
import { checkDestination, checkImagePath, checkLocalPath, checkNamedPath } from './check-path.ts';
import { checkDebLayer } from './check-deb.ts';
import { referenceProblem } from './reference-problem.ts';

export function checkLayer(check: Check, layer: LayerRecipe, workdir: string | undefined): void {
  checkCommon(check, layer, workdir);
  if (layer.kind !== 'group') {
    checkSingle(check, layer, workdir);
    return;
  }
  for (const item of layer.items) {
    checkCommon(check, item, workdir);
    checkSingle(check, item, workdir);
  }
}

/** chown(2) takes the number after it for "as it was". */
const maxOwner = 2 ** 32 - 2;

function checkCommon(check: Check, layer: LayerRecipe, workdir: string | undefined): void {
  const at = (key: string) => joinPointer(layer.at, key);
  if (layer.name !== undefined) checkName(check, at('name'), { text: layer.name, what: 'name' });
  if (layer.owner !== undefined) checkAccount(check, at('owner'), { text: layer.owner, most: maxOwner });
  if (layer.to !== undefined) checkDestination(check, at('to'), { text: layer.to, workdir });
}

function checkSingle(check: Check, layer: SingleLayer, workdir: string | undefined): void {
  const at = joinPointer(layer.at, layer.kind);
  switch (layer.kind) {
    case 'copy':
    case 'npm':
      checkLocalPath(check, at, layer.source);
      return;
    case 'file':
      checkNamedPath(check, at, { text: layer.path, workdir });
      return;
    case 'dir':
      // The root itself may be given a mode.
      if (layer.path === '/') return;
      checkNamedPath(check, at, { text: layer.path, workdir });
      return;
    case 'link':
      checkLink(check, layer, workdir);
      return;
    case 'remove':
      checkRemoved(check, at, { paths: layer.paths, workdir });
      return;
    case 'fetch':
      checkFetch(check, layer);
      return;
    case 'archive':
      checkArchive(check, at, layer.source);
      return;
    case 'image':
      checkImageLayer(check, layer);
      return;
    case 'deb':
      checkDebLayer(check, layer);
      return;
    default:
      assertNever(layer);
  }
}

function checkLink(check: Check, layer: LinkLayer, workdir: string | undefined): void {
  const target = joinPointer(layer.at, 'target');
  checkNamedPath(check, joinPointer(layer.at, 'link'), { text: layer.path, workdir });
  checkNoNul(check, target, layer.target);
  if (layer.hard) checkNamedPath(check, target, { text: layer.target, workdir });
  else if (layer.target === '') checkImagePath(check, target, layer.target);
}

function checkRemoved(
  check: Check,
  at: string,
  removed: { readonly paths: readonly string[]; readonly workdir: string | undefined },
): void {
  const { paths, workdir } = removed;
  // A single path stands at the key itself; the reporter finds it there.
  paths.forEach((text, index) => checkNamedPath(check, joinPointer(at, index), { text, workdir }));
}

function checkFetch(check: Check, { at, source, to }: FetchLayer): void {
  if (to === undefined) check.report(joinPointer(at, 'fetch'), noDestination, 'key');
  if (!check.isKnown(source)) return;
  if (!checkUrl(check, joinPointer(at, 'fetch'), source)) return;
  if (to?.endsWith('/') !== true || nameInUrl(source) !== undefined) return;
  check.report(joinPointer(at, 'to'), {
    code: 'recipe/bad-url',
    message: `${quoteText(source)} has no name at its end that the file could keep`,
    help: 'write its name into `to`',
  });
}

const noDestination = {
  code: 'recipe/missing-key',
  message: 'this fetch layer does not say where the file goes',
  help: 'give it `to`, such as `to: bin/tool`',
} as const;

function checkUrl(check: Check, at: string, text: string): boolean {
  const problem = urlProblem(text);
  if (problem === undefined) return true;
  check.report(at, {
    code: 'recipe/bad-url',
    message: `${quoteText(withoutUser(text))} is no URL that can be fetched: ${problem}`,
    help: urlCure(text),
  });
  return false;
}

function urlCure(text: string): string {
  if (withoutUser(text) !== text)
    return 'leave the user out, and put it into ~/.netrc under the name of the host';
  if (/^file:/i.test(text)) return 'take a file of the context by its path alone, with `copy` or `archive`';
  if (!text.includes(':')) return `take a file of the context with \`copy: ${escapeText(text)}\``;
  return 'write it as https://HOST/PATH';
}

/** A password is not repeated in a message. */
function withoutUser(text: string): string {
  return text.replace(/^([a-z]+:\/\/)[^/]*@/i, '$1');
}

function checkArchive(check: Check, at: string, source: string): void {
  if (!check.isKnown(source)) return;
  if (isUrl(source) || /^[a-z][a-z0-9+.-]*:\/\//i.test(source)) {
    checkUrl(check, at, source);
    return;
  }
  checkLocalPath(check, at, source);
}

function checkImageLayer(check: Check, layer: ImageLayer): void {
  const at = joinPointer(layer.at, 'image');
  layer.from.forEach((text, index) =>
    checkImagePath(check, joinPointer(joinPointer(layer.at, 'from'), index), text),
  );
  if (!check.isKnown(layer.reference)) return;
  if (/^(?:image:|scratch$)/.test(layer.reference)) {
    check.report(at, {
      code: 'recipe/bad-reference',
      message: `files cannot be taken out of ${quoteText(layer.reference)}`,
      help: 'name an image that exists already; an image of this recipe can only be built on, with `from`',
    });
    return;
  }
  const parsed = parseTransportReference(layer.reference);
  if (!parsed.ok) check.report(at, referenceProblem(layer.reference, parsed.reason));
  else if ('path' in parsed.value) checkLocalPath(check, at, parsed.value.path);
}
