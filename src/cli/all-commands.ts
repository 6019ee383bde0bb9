/** Every command, in the order in which help lists them. */
import { buildCommands } from './build-commands.ts';
import type { CommandSpec } from './command-spec.ts';
import { completionCommand } from './completion-command.ts';
import type { CommandSet } from './grammar.ts';
import { imageCommands } from './image-commands.ts';
import { lockCommands } from './lock-commands.ts';
import { initCommand, loopCommands } from './loop-commands.ts';
import { otherCommands } from './other-commands.ts';
import { serveCommands } from './serve-commands.ts';

export function allCommands(): CommandSpec[] {
  return [
    initCommand(),
    ...buildCommands(),
    ...loopCommands(),
    ...lockCommands(),
    ...imageCommands(),
    ...serveCommands(),
    ...otherCommands(),
    completionCommand(commandSet),
  ];
}

/** What a command with commands of its own is for. */
export const groupDescriptions: Readonly<Record<string, string>> = { cache: 'look at and trim the store' };

export function commandSet(): CommandSet {
  return { commands: allCommands(), groups: groupDescriptions };
}
