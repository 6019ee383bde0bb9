/** Diagnostic codes of the area `recipe/`. */
import type { CatalogueArea } from '../catalogue-entry.ts';

export const recipeCodes = {
  // The text as such.
  'recipe/encoding': {
    exit: 'usage',
    summary: 'The recipe is not UTF-8 text, or begins with a byte order mark.',
  },
  'recipe/control-character': {
    exit: 'usage',
    summary: 'The text, or a name in it, holds a control character.',
  },
  'recipe/too-large': { exit: 'usage', summary: 'The recipe is larger than what is read.' },
  'recipe/too-deep': { exit: 'usage', summary: 'Lists and maps are nested deeper than any recipe needs.' },
  'recipe/too-many-aliases': {
    exit: 'usage',
    summary: 'YAML aliases stand for more values than is reasonable.',
  },
  'recipe/unknown-alias': {
    exit: 'usage',
    summary: 'A YAML alias stands for nothing, or for what it stands in.',
  },
  'recipe/syntax': { exit: 'usage', summary: 'The text is no YAML (or JSON).' },
  'recipe/directive': {
    exit: 'usage',
    summary: 'The text has a YAML directive; a recipe is YAML 1.2 without any.',
  },
  'recipe/custom-tag': { exit: 'usage', summary: 'A value has a YAML tag that is not of the core schema.' },
  'recipe/empty': { exit: 'usage', summary: 'The recipe holds nothing.' },
  'recipe/duplicate-key': { exit: 'usage', summary: 'A key stands twice in one map.' },
  'recipe/merge-key': { exit: 'usage', summary: 'YAML 1.2 has no merge key `<<`.' },
  'recipe/bad-key': { exit: 'usage', summary: 'A key is no text, or a name that cannot be a key.' },

  // Its shape.
  'recipe/unknown-key': {
    exit: 'usage',
    summary: 'A key is not known here; keys that begin with `x-` are free.',
  },
  'recipe/misplaced-key': {
    exit: 'usage',
    summary: 'A key belongs to another kind of layer, or to another place.',
  },
  'recipe/missing-key': { exit: 'usage', summary: 'A key that is needed is missing.' },
  'recipe/wrong-type': { exit: 'usage', summary: 'A value is of another type than is expected.' },
  'recipe/bad-value': { exit: 'usage', summary: 'A value is not one of those that are possible.' },
  'recipe/mode-not-text': {
    exit: 'usage',
    summary: 'A mode is written as a number; YAML reads 0755 as decimal 755.',
  },
  'recipe/command-not-list': { exit: 'usage', summary: '`entrypoint` and `cmd` are lists, not one text.' },
  'recipe/no-layer-kind': { exit: 'usage', summary: 'A layer does not say what it holds.' },
  'recipe/several-layer-kinds': {
    exit: 'usage',
    summary: 'A layer says more than one kind of what it holds.',
  },

  // Its values.
  'recipe/bad-name': {
    exit: 'usage',
    summary: 'The name of an image, argument, variable or label is malformed.',
  },
  'recipe/bad-url': {
    exit: 'usage',
    summary:
      'What a layer fetches is no URL, names a user or password, or has no name that a file could keep.',
  },
  'recipe/bad-reference': { exit: 'usage', summary: 'A reference to an image is malformed.' },
  'recipe/bad-tag': { exit: 'usage', summary: 'A tag is malformed, or stands where none belongs.' },
  'recipe/bad-platform': {
    exit: 'usage',
    summary: 'A platform is malformed, named twice, or of an architecture that nobody knows.',
  },
  'recipe/bad-port': { exit: 'usage', summary: 'A port is no number from 1 to 65535 with `/tcp` or `/udp`.' },
  'recipe/bad-signal': { exit: 'usage', summary: 'A signal is not known.' },
  'recipe/bad-duration': { exit: 'usage', summary: 'A duration is not written like `1m30s`.' },
  'recipe/bad-time': { exit: 'usage', summary: 'A time is not written as RFC 3339 has it.' },
  'recipe/bad-owner': { exit: 'usage', summary: 'A user or owner is malformed.' },
  'recipe/bad-xattr': { exit: 'usage', summary: 'The name or value of an extended attribute is malformed.' },
  'recipe/bad-size': { exit: 'usage', summary: 'A size is not written like `512m`.' },
  'recipe/path-outside-image': {
    exit: 'usage',
    summary: 'A path does not name something below the image’s root.',
  },
  'recipe/reserved-path': {
    exit: 'usage',
    summary: 'A path is in /proc, /sys or /dev, which runtimes mount over.',
  },
  'recipe/outside-context': { exit: 'usage', summary: 'A local path leaves the context.' },

  // What its parts say together.
  'recipe/unknown-image': { exit: 'usage', summary: '`from: image:NAME` names no image of the recipe.' },
  'recipe/cycle': { exit: 'usage', summary: 'Images build on one another in a circle.' },
  'recipe/colliding-outputs': { exit: 'usage', summary: 'Two outputs are written to one place.' },
  'recipe/same-reference': { exit: 'usage', summary: 'Two images would get the same name and tag.' },

  // Substitutions and arguments.
  'recipe/bad-substitution': {
    exit: 'usage',
    summary: 'A substitution `${{ … }}` is malformed or not known.',
  },
  'recipe/undeclared-argument': {
    exit: 'usage',
    summary: 'A substitution or `--arg` names no entry of `args:`.',
  },
  'recipe/substitution-here': { exit: 'usage', summary: 'Nothing is substituted in this value.' },
  'recipe/missing-argument': { exit: 'usage', summary: 'An argument without a default has no value.' },
  'recipe/zstd-for-docker': {
    exit: 'usage',
    summary:
      'A docker-archive is to hold layers that are compressed with zstd, which `docker load` does not read.',
  },
} as const satisfies CatalogueArea<'recipe'>;
