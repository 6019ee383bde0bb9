/**
 * The shape of a recipe as a user writes it: every key with what it takes and what it means. The reader, the JSON
 * Schema and docs/recipe.md are all made from it.
 */
import * as v from 'valibot';
import { groups, users } from './shape/account-shape.ts';
import { compression, platforms } from './shape/layer-keys.ts';
import { layer } from './shape/layer-shape.ts';
import { runtime } from './shape/runtime-shape.ts';
import {
  boolean,
  command,
  count,
  fixedText,
  text,
  textList,
  textMap,
  writtenFixedText,
  writtenText,
} from './shape/value-shape.ts';

const argument = v.pipe(
  v.strictObject({
    default: v.optional(v.pipe(writtenFixedText, v.description('Its value where none is given.'))),
    env: v.optional(v.pipe(fixedText, v.description('The environment variable that gives it.'))),
    description: v.optional(v.pipe(fixedText, v.description('What it is for.'))),
  }),
  v.title('argument'),
);

const duration = (words: string) => v.optional(v.pipe(fixedText, v.description(words)));

const healthcheck = v.pipe(
  v.strictObject({
    test: v.optional(
      v.pipe(
        v.union([text, v.pipe(v.array(text), v.minLength(1))]),
        v.description('A command for the shell, or a list that begins with CMD, CMD-SHELL or NONE.'),
      ),
    ),
    interval: duration('Time between checks, such as 30s.'),
    timeout: duration('Time after which a check has failed.'),
    startPeriod: duration('Time in which failures do not count.'),
    startInterval: duration('Time between checks in that period.'),
    retries: v.optional(v.pipe(count, v.description('Failures in a row that make it unhealthy.'))),
    disable: v.optional(v.pipe(boolean, v.description('`true`: the base image’s check is switched off.'))),
  }),
  v.title('healthcheck'),
);

/** The keys of one image; at the top level they are what every entry of `images:` inherits. */
const imageKeys = {
  image: v.optional(
    v.pipe(text, v.description('The repository that the image is called by, such as ghcr.io/acme/api.')),
  ),
  tags: v.optional(v.pipe(v.array(writtenText), v.description('Tags of the image.'))),
  from: v.optional(
    v.pipe(
      text,
      v.description(
        'What it builds on: a registry reference, scratch, oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, or image:NAME; scratch where it is left out.',
      ),
    ),
  ),
  platforms: v.optional(platforms),
  format: v.optional(
    v.pipe(
      v.picklist(['oci', 'docker']),
      v.description(
        'The format of manifests: `oci`, or `docker` for v2 schema 2; blobs are the same in both.',
      ),
    ),
  ),
  created: v.optional(
    v.pipe(
      fixedText,
      v.description(
        'When the image says it was made: `epoch` (SOURCE_DATE_EPOCH, else 1970), `commit`, or an RFC 3339 time.',
      ),
    ),
  ),
  users: v.optional(users),
  groups: v.optional(groups),
  user: v.optional(
    v.pipe(
      writtenText,
      v.description('Who runs it: UID[:GID], or names of `users`, or of the base’s passwd and group.'),
    ),
  ),
  workdir: v.optional(
    v.pipe(text, v.description('The folder that it runs in, and that relative paths of layers start at.')),
  ),
  env: v.optional(
    v.pipe(textMap, v.description('Environment variables; ${NAME} is the base image’s own value.')),
  ),
  ports: v.optional(
    v.pipe(v.array(writtenText), v.description('Ports that it listens on: 8080, or 53/udp.')),
  ),
  volumes: v.optional(v.pipe(textList, v.description('Absolute paths of folders with data of their own.'))),
  labels: v.optional(v.pipe(textMap, v.description('Labels in the image’s configuration.'))),
  annotations: v.optional(v.pipe(textMap, v.description('Annotations on manifest and index.'))),
  entrypoint: v.optional(v.pipe(command, v.description('The program and its first arguments, as a list.'))),
  cmd: v.optional(
    v.pipe(command, v.description('Arguments that can be replaced when it is run, as a list.')),
  ),
  stopSignal: v.optional(v.pipe(writtenText, v.description('The signal that stops it, such as SIGTERM.'))),
  healthcheck: v.optional(
    v.pipe(healthcheck, v.description('Docker’s health check; other runtimes pass over it.')),
  ),
  compression: v.optional(compression),
  layers: v.optional(
    v.pipe(v.array(layer), v.description('The layers, lowest first; each has exactly one kind.')),
  ),
  outputs: v.optional(
    v.pipe(
      textList,
      v.description(
        'Where it is written: oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, bundle:DIR, rootfs:DIR, or a registry reference.',
      ),
    ),
  ),
  runtime: v.optional(
    v.pipe(
      runtime,
      v.description(
        'How a bundle runs, for `bundle:` outputs and for `bundle` and `run` with -f; it never changes an image’s digest.',
      ),
    ),
  ),
};

export const imageShape = v.pipe(v.strictObject(imageKeys), v.title('image'));

export const recipeShape = v.pipe(
  v.strictObject({
    ...imageKeys,
    args: v.optional(
      v.pipe(
        v.record(v.string(), argument),
        v.description('Arguments, for ${{ args.NAME }}; given by --arg NAME=VALUE.'),
      ),
    ),
    context: v.optional(
      v.pipe(
        fixedText,
        v.description('The folder that local paths are relative to; the recipe’s own where it is left out.'),
      ),
    ),
    images: v.optional(
      v.pipe(
        v.record(v.string(), imageShape),
        v.minEntries(1),
        v.description('Several images by name; each inherits the keys above.'),
      ),
    ),
  }),
  v.title('recipe'),
  v.description('What is in an image; docs/recipe.md explains each key.'),
);

export type ImageShape = v.InferOutput<typeof imageShape>;
export type RecipeShape = v.InferOutput<typeof recipeShape>;
