/**
 * The shapes of layers as a user writes them. The first key of each is its kind. What a kind cannot use is not among
 * its keys: the value of `file`, `dir`, `link` and `remove` is their path, so they have no `to`.
 */
import * as v from 'valibot';
import {
  boolean,
  count,
  fixedText,
  mode,
  number,
  sha256,
  text,
  textList,
  textOrList,
  writtenFixedText,
  writtenText,
} from './value-shape.ts';

const compressionType = v.picklist(['gzip', 'zstd', 'none']);
const levels = 'a number from 1 to 9 for gzip, or to 19 for zstd';

const compressionMap = v.pipe(
  v.strictObject({
    type: v.pipe(compressionType, v.description('`gzip`, `zstd` or `none`.')),
    level: v.optional(
      v.pipe(
        v.number(),
        v.integer('a whole number'),
        v.minValue(1, levels),
        v.maxValue(19, levels),
        v.description(
          'From 1 (fastest) to 9 (smallest) for gzip, 6 where it is left out; to 19 for zstd, 3 where it is left out.',
        ),
      ),
    ),
  }),
  v.title('compression'),
);

export const compression = v.pipe(
  v.union([compressionType, compressionMap]),
  v.description('How layers are compressed; gzip where it is left out, which every tool reads.'),
);

export const platforms = v.pipe(
  v.array(fixedText),
  v.minLength(1),
  v.description(
    'Platforms as OS/ARCHITECTURE[/VARIANT], such as linux/arm64; linux/amd64 alone where it is left out.',
  ),
);

const include = v.optional(
  v.pipe(textList, v.description('Globs of what is taken; all where it is left out.')),
);
const copyInclude = v.optional(
  v.pipe(
    textList,
    v.description(
      'Globs of what is taken; all where it is left out. A name without wildcards must be there.',
    ),
  ),
);
const exclude = v.optional(
  v.pipe(textList, v.description('Globs of what is left out; they win over `include`.')),
);

const owner = v.optional(
  v.pipe(
    writtenText,
    v.description(
      'Owner and group: UID, UID:GID, or names of `users`, or of the image’s own passwd and group.',
    ),
  ),
);
const nodeMode = v.optional(v.pipe(mode, v.description('Mode of files, as octal digits in quotes: "0644".')));
const dirMode = v.optional(
  v.pipe(mode, v.description('Mode of folders, as octal digits in quotes: "0755".')),
);
const mtime = v.optional(
  v.pipe(
    v.union([fixedText, v.pipe(number, v.integer('a whole number of seconds'))]),
    v.description('Modification time: `epoch` (SOURCE_DATE_EPOCH), an RFC 3339 time, or seconds since 1970.'),
  ),
);
const xattrs = v.optional(
  v.pipe(
    v.record(v.string(), writtenFixedText),
    v.description('Extended attributes: text, hex as 0x…, or base64 as 0s…, as getfattr prints them.'),
  ),
);
const to = v.optional(
  v.pipe(
    text,
    v.description(
      'Where it goes: absolute, or relative to `workdir`. For a file a trailing slash means a folder.',
    ),
  ),
);

const layerOnly = {
  platforms: v.optional(v.pipe(platforms, v.description('Only for these platforms.'))),
  name: v.optional(v.pipe(text, v.description('What the layer is called in output.'))),
};
const metadata = { owner, mode: nodeMode, dirMode, mtime, xattrs };

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
export const groupItem = v.union([copy, file, dir, link, remove, fetch, archive, image, npm]);

const layerCompression = v.optional(v.pipe(compression, v.description('How this layer is compressed.')));

function asLayer<const Entries extends v.ObjectEntries, const Title extends string>(
  entries: Entries,
  title: Title,
) {
  return v.pipe(v.strictObject({ ...entries, compression: layerCompression }), v.title(title));
}

const group = v.pipe(
  v.strictObject({
    group: v.pipe(v.array(groupItem), v.minLength(1), v.description('Several sources in one layer.')),
    to,
    ...metadata,
    ...layerOnly,
    compression: layerCompression,
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
  group,
]);

export type LayerShape = v.InferOutput<typeof layer>;
export type GroupItemShape = v.InferOutput<typeof groupItem>;
