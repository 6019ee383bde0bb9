/** The values of one image: names, references, accounts, paths. */
import { quoteText } from '../../diagnostic/escape-text.ts';
import { suggest } from '../../diagnostic/suggest.ts';
import { isTag } from '../../oci/reference.ts';
import { maxId } from '../../oci/user-spec.ts';
import { pointerOf } from '../pointer-of.ts';
import type { ImageRecipe } from '../recipe.ts';
import { parseBaseReference, parseTransportReference } from '../transport-reference.ts';
import { isSignal, signalNames } from '../value/linux-names.ts';
import { type Check, checkAccount, checkKey, checkNoNul, checkVariables } from './check.ts';
import { checkAccounts } from './check-accounts.ts';
import { checkLayer } from './check-layer.ts';
import { checkAbsolutePath, checkImagePath, checkLocalPath } from './check-path.ts';
import { checkPacking } from './check-packing.ts';
import { checkRuntime } from './check-runtime.ts';
import { referenceProblem } from './reference-problem.ts';

export function checkImage(check: Check, image: ImageRecipe): void {
  const at = (...path: readonly (string | number)[]) => pointerOf(image, ...path);
  checkReference(check, image);
  image.tags.forEach((tag, index) => checkTag(check, at('tags', index), tag));
  checkBase(check, at('from'), image.from);
  checkAccounts(check, image);
  if (image.user !== undefined) checkAccount(check, at('user'), { text: image.user, most: maxId });
  if (image.workdir !== undefined) checkImagePath(check, at('workdir'), image.workdir);
  checkVariables(check, (name) => at('env', name), image.env);
  image.ports.forEach((port, index) => checkPort(check, at('ports', index), port));
  image.volumes.forEach((volume, index) => checkAbsolutePath(check, at('volumes', index), volume));
  for (const key of ['labels', 'annotations'] as const) {
    for (const name of Object.keys(image[key]))
      checkKey(check, at(key, name), { text: name, what: `name of one of the ${key}` });
  }
  for (const key of ['entrypoint', 'cmd'] as const) {
    image[key]?.forEach((argument, index) => checkNoNul(check, at(key, index), argument));
  }
  if (image.stopSignal !== undefined) checkStopSignal(check, at('stopSignal'), image.stopSignal);
  checkHealthcheck(check, image);
  for (const layer of image.layers) checkLayer(check, layer, image.workdir);
  image.outputs.forEach((output, index) => checkOutput(check, at('outputs', index), output));
  checkPacking(check, image);
  checkRuntime(check, image);
}

function checkReference(check: Check, image: ImageRecipe): void {
  const { reference, tags } = image;
  if (reference === undefined || !check.isKnown(reference)) return;
  const at = pointerOf(image, 'image');
  const parsed = parseTransportReference(reference);
  if (!parsed.ok) check.report(at, referenceProblem(reference, parsed.reason));
  else if (parsed.value.transport !== 'registry') {
    check.report(
      at,
      referenceProblem(
        reference,
        'an image is called by a repository; where it is written stands in `outputs`',
      ),
    );
  } else if (parsed.value.digest !== undefined) {
    check.report(at, referenceProblem(reference, 'the digest is known only when the image is made'));
  } else if (parsed.value.tag !== undefined && tags.length > 0) {
    check.report(at, {
      code: 'recipe/bad-tag',
      message: `${quoteText(reference)} has a tag, and \`tags\` gives others`,
      help: 'put all of them below `tags`',
    });
  }
}

function checkTag(check: Check, at: string, tag: string): void {
  if (!check.isKnown(tag) || isTag(tag)) return;
  check.report(at, {
    code: 'recipe/bad-tag',
    message: `${quoteText(tag)} is no tag`,
    help: 'a tag has up to 128 letters, digits, `_`, `.` and `-`, and begins with none of the last two',
  });
}

function checkBase(check: Check, at: string, from: string): void {
  if (!check.isKnown(from)) return;
  const parsed = parseBaseReference(from);
  if (!parsed.ok) check.report(at, referenceProblem(from, parsed.reason));
  else if ('path' in parsed.value) checkLocalPath(check, at, parsed.value.path);
}

/** image-spec config.md, ExposedPorts: `port/tcp`, `port/udp`, or `port`. */
function checkPort(check: Check, at: string, port: string): void {
  if (!check.isKnown(port)) return;
  const number = /^([1-9]\d{0,4})(?:\/(?:tcp|udp))?$/.exec(port)?.[1];
  if (number !== undefined && Number(number) <= 65_535) return;
  check.report(at, {
    code: 'recipe/bad-port',
    message: `${quoteText(port)} is no port`,
    help: /^\d+:\d+/.test(port)
      ? 'an image names the container’s port alone'
      : 'write a number from 1 to 65535, with /tcp or /udp where it matters; name each port of a range',
  });
}

function checkStopSignal(check: Check, at: string, signal: string): void {
  if (!check.isKnown(signal) || isSignal(signal)) return;
  const near =
    signalNames.find((name) => name === `SIG${signal.toUpperCase()}`) ?? suggest(signal, signalNames);
  check.report(at, {
    code: 'recipe/bad-signal',
    message: `${quoteText(signal)} is no signal`,
    help:
      near === undefined ? 'write one such as SIGTERM, SIGRTMIN+3, or a number' : `did you mean \`${near}\`?`,
  });
}

function checkHealthcheck(check: Check, image: ImageRecipe): void {
  const [first] = image.healthcheck?.test ?? ['NONE'];
  if (first === undefined || ['NONE', 'CMD', 'CMD-SHELL'].includes(first)) return;
  check.report(pointerOf(image, 'healthcheck', 'test'), {
    code: 'recipe/bad-value',
    message: `the test begins with ${quoteText(first)}`,
    help: 'begin the list with CMD (a program), CMD-SHELL (a command line) or NONE',
  });
}

function checkOutput(check: Check, at: string, output: string): void {
  if (!check.isKnown(output)) return;
  const parsed = parseTransportReference(output);
  if (!parsed.ok) check.report(at, referenceProblem(output, parsed.reason));
  else if ('path' in parsed.value) checkLocalPath(check, at, parsed.value.path);
  else if (parsed.value.transport === 'store') {
    check.report(at, referenceProblem(output, 'every image stays in the store as it is'));
  } else if ('digest' in parsed.value) {
    check.report(at, referenceProblem(output, 'the digest is known only when the image is made'));
  }
}
