/**
 * Text to a lock, or every problem of it, each with its place. It is read like a recipe: YAML in its core schema, within
 * the same limits; comments, line ends and the order of keys do not matter. Pure.
 */
import { Bug } from '../../diagnostic/bug.ts';
import type { DiagnosticCode } from '../../diagnostic/catalogue.ts';
import { type Diagnostic, type Diagnostics, type Outcome, outcomeOf } from '../../diagnostic/diagnostic.ts';
import { quoteText } from '../../diagnostic/escape-text.ts';
import { joinPointer, type Places, type SourceText } from '../../diagnostic/source-text.ts';
import { type Digest, trustedDigest } from '../../digest/digest.ts';
import { parsePlatform } from '../../oci/platform.ts';
import { parseDocument } from '../parse-document.ts';
import { createProblemList, inTextOrder, type Problem, type ProblemList } from '../problem-list.ts';
import { describeNode, type MapNode, type RecipeNode } from '../recipe-node.ts';
import { createReporter, placesOf, type Report } from '../reporter.ts';
import { readShape } from '../shape/read-shape.ts';
import type { Lock, LockDocument, LockedImage } from './lock.ts';
import { type LockShape, lockShape, lockVersion } from './lock-shape.ts';
import { isUrl } from '../value/web-address.ts';
import { pinnedReference } from './pin-request.ts';
import { platformKey } from './platform-key.ts';

/** What to do where nothing better is known. */
const restore = 'restore it from version control, or remove it and run `layerwright lock`';

export function parseLock(source: SourceText): Outcome<LockDocument> {
  const problems = createProblemList(source);
  const tree = parseDocument(source.text, problems);
  const document = tree === undefined ? undefined : readDocument(source, tree, problems);
  return outcomeOf(inTextOrder(problems.found).map(ofLock), () => {
    if (document === undefined) throw new Bug('a lock that could not be read has no problem');
    return document;
  });
}

/** A lock that this text was read as before, without a problem; its places are found when one is asked for. */
export function knownLock(lock: Lock, source: SourceText): LockDocument {
  let places: Places | undefined;
  return {
    lock,
    source,
    get places() {
      return (places ??= placesIn(source));
    },
  };
}

function placesIn(source: SourceText): Places {
  const parsed = parseLock(source);
  if (!parsed.ok) throw new Bug('a lock that was read before cannot be read any more');
  return parsed.value.places;
}

/** The problems of a text that could not be read at all, as problems of a lock. */
export function lockProblems([first, ...rest]: Diagnostics): Diagnostics {
  return [ofLock(first), ...rest.map(ofLock)];
}

/** The reader of recipes names problems as a recipe's; in a lock, which nobody writes by hand, they are all one kind. */
function ofLock(diagnostic: Diagnostic): Diagnostic {
  const code: DiagnosticCode = diagnostic.code.startsWith('lock/') ? diagnostic.code : 'lock/unreadable';
  const help = code === diagnostic.code ? diagnostic.help : undefined;
  return { ...diagnostic, code, help: help ?? restore };
}

function readDocument(source: SourceText, tree: RecipeNode, problems: ProblemList): LockDocument | undefined {
  if (tree.type !== 'map') {
    const message = `a lock is a map, not ${describeNode(tree)}`;
    problems.add(tree.span, unreadable(message));
    return undefined;
  }
  if (!checkVersion(tree, problems)) return undefined;
  const reading = { problems, pointers: new WeakMap<object, string>(), checkSubstitutions: () => undefined };
  const shape = readShape(reading, lockShape, tree);
  if (shape === undefined || problems.found.length > 0) return undefined;
  const places = placesOf(tree);
  return { lock: lockOf(shape, createReporter(places, problems)), source, places };
}

function unreadable(message: string): Problem {
  return { code: 'lock/unreadable', message, help: restore };
}

/** Before anything else is looked at: what a later version writes may have any shape. */
function checkVersion(tree: MapNode, problems: ProblemList): boolean {
  const version = tree.entries.get('lockVersion')?.value;
  if (version?.type !== 'number' || version.value === lockVersion) return true;
  problems.add(version.span, {
    code: 'lock/version',
    message: `the lock has version ${version.text}, and this layerwright reads version ${lockVersion}`,
    help: 'use the layerwright that wrote it, or remove it and run `layerwright lock`',
  });
  return false;
}

function lockOf(shape: LockShape, report: Report): Lock {
  const { layerFormat, images = {}, fetched = {}, packages = [] } = shape;
  for (const url of Object.keys(fetched)) checkUrl(url, report);
  return {
    layerFormat,
    images: new Map(
      Object.entries(images).map(([reference, image]) => [reference, lockedImage(reference, image, report)]),
    ),
    fetched: new Map(Object.entries(fetched)),
    packages,
  };
}

function checkUrl(text: string, report: Report): void {
  if (isUrl(text)) return;
  report(joinPointer('/fetched', text), unreadable(`${quoteText(text)} is no URL`), 'key');
}

type ImageShape = NonNullable<LockShape['images']>[string];

function lockedImage(reference: string, shape: ImageShape, report: Report): LockedImage {
  const at = joinPointer('/images', reference);
  const digest = trustedDigest(shape.digest);
  const platforms = new Map<string, Digest>();
  for (const [platform, manifest] of Object.entries(shape.platforms)) {
    checkPlatform(platform, joinPointer(`${at}/platforms`, platform), report);
    platforms.set(platform, trustedDigest(manifest));
  }
  checkReference(reference, { at, digest }, report);
  return { digest, platforms };
}

function checkReference(
  text: string,
  { at, digest }: { readonly at: string; readonly digest: Digest },
  report: Report,
): void {
  const reference = pinnedReference(text);
  if (reference?.text !== text) {
    const full = reference === undefined ? '' : `; in full it is ${quoteText(reference.text)}`;
    report(at, unreadable(`${quoteText(text)} is no reference in full${full}`), 'key');
  } else if (reference.digest !== undefined && reference.digest !== digest) {
    report(`${at}/digest`, {
      code: 'lock/disagrees',
      message: `the reference names another digest than the lock: ${reference.digest}`,
      help: 'restore the lock from version control, or remove this entry and run `layerwright lock`',
    });
  }
}

function checkPlatform(text: string, at: string, report: Report): void {
  const parsed = parsePlatform(text);
  if (parsed.ok && platformKey(parsed.platform) === text) return;
  report(at, unreadable(`${quoteText(text)} is no platform in full, such as linux/amd64`), 'key');
}
