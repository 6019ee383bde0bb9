/**
 * The shapes of layers as a user writes them. The first key of each is its kind. What a kind cannot use is not among
 * its keys: the value of `file`, `dir`, `link` and `remove` is their path, so they have no `to`.
 */
import * as v from 'valibot';
import { debKeys } from './deb-shape.ts';
import {
  compression,
  include,
  copyInclude,
  exclude,
  owner,
  nodeMode,
  dirMode,
  mtime,
  xattrs,
  to,
  layerOnly,
  metadata,
} from './layer-keys.ts';
import { boolean, count, fixedText, sha256, text, textList, textOrList } from './value-shape.ts';

const copy = v.pipe(
  v.strictObject({
    copy: v.pipe(text, v.description('A file or folder of the context.')),
    to,
    include: copyInclude,
    exclude,
    ignore: v.optional(v.pipe(boolean, v.description('`false`: .dockerignore is not honoured.'))),
    allowSecrets: v.optional(
      v.pipe(textList, v.description('Globs of files that look like secrets and are meant to be copied.')),
    ),
    ...metadata,
    ...layerOnly,
  }),
  v.title('copy layer'),
);

const file = v.pipe(
  v.strictObject({
    file: v.pipe(text, v.description('Path in the image of a file whose content stands here.')),
    content: v.optional(v.pipe(text, v.description('The content as text.'))),
    base64: v.optional(v.pipe(fixedText, v.description('The content as base64.'))),
    owner,
    mode: nodeMode,
    mtime,
    xattrs,
    ...layerOnly,
  }),
  v.title('file layer'),
);

const dir = v.pipe(
  v.strictObject({
    dir: v.pipe(text, v.description('Path in the image of a folder.')),
    owner,
    mode: nodeMode,
    dirMode,
    mtime,
    xattrs,
    ...layerOnly,
  }),
  v.title('dir layer'),
);

const link = v.pipe(
  v.strictObject({
    link: v.pipe(text, v.description('Path in the image of a link.')),
    target: v.pipe(text, v.description('What it leads to, kept word for word.')),
    hard: v.optional(
      v.pipe(boolean, v.description('`true`: a hard link, to a file of the same layer (see `group`).')),
    ),
    owner,
    mtime,
    ...layerOnly,
  }),
  v.title('link layer'),
);

const remove = v.pipe(
  v.strictObject({
    remove: v.pipe(textOrList, v.description('Path or paths of layers below that are no more.')),
    ...layerOnly,
  }),
  v.title('remove layer'),
);

const archive = v.pipe(
  v.strictObject({
    archive: v.pipe(
      text,
      v.description(
        'A tar, plain or compressed by gzip, xz, zstd or bzip2, or a zip file, of the context or at an https URL; keeps its own metadata.',
      ),
    ),
    to,
    strip: v.optional(v.pipe(count, v.description('How many leading components of each name are dropped.'))),
    include,
    exclude,
    sha256: v.optional(
      v.pipe(sha256, v.description('The archive file’s digest, as hex; another file is refused.')),
    ),
    ...metadata,
    ...layerOnly,
  }),
  v.title('archive layer'),
);

const fetchEntries = {
  fetch: v.pipe(
    text,
    v.description('The https URL of a file; its bytes are pinned by `sha256` here, or in oci.lock.'),
  ),
  to,
  sha256: v.optional(v.pipe(sha256, v.description('The file’s digest, as hex; other bytes are refused.'))),
  owner,
  mode: nodeMode,
  mtime,
  xattrs,
  ...layerOnly,
};
const fetch = v.pipe(v.strictObject(fetchEntries), v.title('fetch layer'));
const toOfFile = v.pipe(
  text,
  v.description('Where it goes: its name, or with a trailing slash the folder in which it keeps the URL’s.'),
);

const image = v.pipe(
  v.strictObject({
    image: v.pipe(text, v.description('A reference to another image whose files are taken.')),
    from: v.optional(
      v.pipe(textOrList, v.description('Path or paths in that image; all of it where left out.')),
    ),
    to,
    include,
    exclude,
    ...metadata,
    ...layerOnly,
  }),
  v.title('image layer'),
);

const deb = v.pipe(
  v.strictObject({
    ...debKeys,
    to,
    ...metadata,
    ...layerOnly,
  }),
  v.title('deb layer'),
);

const npm = v.pipe(
  v.strictObject({
    npm: v.pipe(
      text,
      v.description(
        'The folder of a package.json: it and the packages of its package-lock.json, without running npm or a script.',
      ),
    ),
    to,
    omit: v.optional(
      v.pipe(
        v.array(v.picklist(['dev', 'optional', 'peer'])),
        v.description('Kinds of dependencies that are left out; `[dev]` where it is left out.'),
      ),
    ),
    libc: v.optional(
      v.pipe(
        v.picklist(['glibc', 'musl']),
        v.description('The C library of the image, by which some packages are chosen; glibc where left out.'),
      ),
    ),
    ...metadata,
    ...layerOnly,
  }),
  v.title('npm layer'),
);

const split = v.optional(
  v.pipe(
    v.number(),
    v.integer('a whole number'),
    v.minValue(2, 'a number from 2'),
    v.maxValue(100, 'a number up to 100'),
    v.description(
      'Over how many layers the packages are spread, by their names; package.json and workspaces have one more.',
    ),
  ),
);

/** What stands below `group:`; a layer has one compression, so its items have none. */
export const groupItem = v.union([copy, file, dir, link, remove, fetch, archive, image, npm, deb]);

const layerCompression = v.optional(v.pipe(compression, v.description('How this layer is compressed.')));

const dedupe = v.optional(
  v.pipe(
    v.picklist(['base']),
    v.description(
      '`base`: what the image below (the base and the layers before this one) shows already, with the same content and metadata, is not added again.',
    ),
  ),
);

function asLayer<const Entries extends v.ObjectEntries, const Title extends string>(
  entries: Entries,
  title: Title,
) {
  return v.pipe(v.strictObject({ ...entries, compression: layerCompression, dedupe }), v.title(title));
}

const group = v.pipe(
  v.strictObject({
    group: v.pipe(v.array(groupItem), v.minLength(1), v.description('Several sources in one layer.')),
    to,
    ...metadata,
    ...layerOnly,
    compression: layerCompression,
    dedupe,
  }),
  v.title('group layer'),
);

export const layer = v.union([
  asLayer(copy.entries, 'copy layer'),
  asLayer(file.entries, 'file layer'),
  asLayer(dir.entries, 'dir layer'),
  asLayer(link.entries, 'link layer'),
  asLayer(remove.entries, 'remove layer'),
  asLayer({ ...fetchEntries, to: toOfFile }, 'fetch layer'),
  asLayer(archive.entries, 'archive layer'),
  asLayer(image.entries, 'image layer'),
  asLayer({ ...npm.entries, split }, 'npm layer'),
  asLayer(deb.entries, 'deb layer'),
  group,
]);

export type LayerShape = v.InferOutput<typeof layer>;
export type GroupItemShape = v.InferOutput<typeof groupItem>;
