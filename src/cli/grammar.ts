/** The specs of all commands as plain values, for what is generated from them: completion of shells, the man page. */
import type { Option } from 'commander';
import { allCommands, groupDescriptions } from './all-commands.ts';
import type { CommandSpec } from './command-spec.ts';
import { commonOptions } from './options.ts';

/** What follows a flag, or stands where an operand stands. */
export type Taken =
  | { readonly kind: 'nothing' | 'text' | 'files' | 'folders' }
  | { readonly kind: 'words'; readonly words: readonly string[] };

export interface GrammarOption {
  /** `-f` and `--file`. */
  readonly flags: readonly string[];
  /** `<file>`; empty where the flag stands alone. */
  readonly value: string;
  readonly description: string;
  readonly takes: Taken;
}

export interface GrammarOperand {
  /** `<reference>`, `[names...]`. */
  readonly name: string;
  readonly description: string;
  readonly takes: Taken;
}

export interface GrammarCommand {
  /** `build`, `cache du`. */
  readonly name: string;
  readonly description: string;
  readonly operands: readonly GrammarOperand[];
  readonly options: readonly GrammarOption[];
  readonly examples: readonly string[];
}

export interface Grammar {
  readonly commands: readonly GrammarCommand[];
  /** `cache`, with what it is for. */
  readonly groups: readonly (readonly [name: string, description: string])[];
  /** Options of every command. */
  readonly common: readonly GrammarOption[];
}

export function grammar(): Grammar {
  return {
    commands: allCommands().map(commandOf),
    groups: Object.entries(groupDescriptions),
    common: [...commonOptions().map(optionOf), helpOption],
  };
}

const helpOption: GrammarOption = {
  flags: ['-h', '--help'],
  value: '',
  description: 'show what a command takes',
  takes: { kind: 'nothing' },
};

function commandOf({ name, description, operands, options, examples }: CommandSpec): GrammarCommand {
  return {
    name,
    description,
    operands: operands.map(([operand, meaning, words]) => ({
      name: operand,
      description: meaning,
      takes: words === undefined ? takenBy(operand) : { kind: 'words', words },
    })),
    options: options.filter(({ hidden }) => !hidden).map(optionOf),
    examples,
  };
}

function optionOf(option: Option): GrammarOption {
  const { short, long, flags, description, argChoices } = option;
  const value = /[<[].*$/.exec(flags)?.[0] ?? '';
  const takes: Taken =
    value === '' ? { kind: 'nothing' } : argChoices ? { kind: 'words', words: argChoices } : takenBy(value);
  return { flags: [short, long].filter((flag) => flag !== undefined), value, description, takes };
}

/** What something is called says what stands there: an image is in many places, and a file or folder is one of them. */
function takenBy(name: string): Taken {
  const bare = name.replace(/[<>[\].]/g, '');
  if (bare === 'dir') return { kind: 'folders' };
  const ofFiles = ['file', 'path', 'reference', 'source', 'destination', 'transport', 'a', 'b', 'subject'];
  return { kind: ofFiles.includes(bare) ? 'files' : 'text' };
}
