/** The shapes of the keys that several kinds of layer share. */
import * as v from 'valibot';
import { fixedText, mode, number, text, textList, writtenFixedText, writtenText } from './value-shape.ts';

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

export const include = v.optional(
  v.pipe(textList, v.description('Globs of what is taken; all where it is left out.')),
);
export const copyInclude = v.optional(
  v.pipe(
    textList,
    v.description(
      'Globs of what is taken; all where it is left out. A name without wildcards must be there.',
    ),
  ),
);
export const exclude = v.optional(
  v.pipe(textList, v.description('Globs of what is left out; they win over `include`.')),
);

export const owner = v.optional(
  v.pipe(
    writtenText,
    v.description(
      'Owner and group: UID, UID:GID, or names of `users`, or of the image’s own passwd and group.',
    ),
  ),
);
export const nodeMode = v.optional(
  v.pipe(mode, v.description('Mode of files, as octal digits in quotes: "0644".')),
);
export const dirMode = v.optional(
  v.pipe(mode, v.description('Mode of folders, as octal digits in quotes: "0755".')),
);
export const mtime = v.optional(
  v.pipe(
    v.union([fixedText, v.pipe(number, v.integer('a whole number of seconds'))]),
    v.description('Modification time: `epoch` (SOURCE_DATE_EPOCH), an RFC 3339 time, or seconds since 1970.'),
  ),
);
export const xattrs = v.optional(
  v.pipe(
    v.record(v.string(), writtenFixedText),
    v.description('Extended attributes: text, hex as 0x…, or base64 as 0s…, as getfattr prints them.'),
  ),
);
export const to = v.optional(
  v.pipe(
    text,
    v.description(
      'Where it goes: absolute, or relative to `workdir`. For a file a trailing slash means a folder.',
    ),
  ),
);

export const layerOnly = {
  platforms: v.optional(v.pipe(platforms, v.description('Only for these platforms.'))),
  name: v.optional(v.pipe(text, v.description('What the layer is called in output.'))),
};
export const metadata = { owner, mode: nodeMode, dirMode, mtime, xattrs };
