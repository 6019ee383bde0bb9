/** Completion for zsh, by its own _arguments. */
import type { Grammar, GrammarCommand, GrammarOption, Taken } from '../grammar.ts';

export function zshCompletion({ commands, groups, common }: Grammar): string {
  const groupNames = new Set(groups.map(([name]) => name));
  const single = commands.filter(({ name }) => !name.includes(' '));
  const top = [...single.map(({ name, description }) => [name, description] as const), ...groups];
  return `#compdef layerwright
# Completion of layerwright for zsh; \`layerwright completion zsh\` writes it.

_layerwright() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  local -a common commands
  common=(
${common.flatMap(optionSpecs).join('\n')}
  )
  commands=(
${described([...top, ['help', 'show what a command takes']])}
  )
  _arguments -C $common '1: :->command' '*:: :->rest'
  case $state in
    command) _describe -t commands command commands ;;
    rest)
      case $words[1] in
        help) _describe -t commands command commands ;;
${single.map(commandCase).join('\n')}
${[...groupNames].map((group) => `        ${group}) _layerwright_${group} ;;`).join('\n')}
      esac
      ;;
  esac
}

${[...groupNames].map((group) => groupFunction(group, commands)).join('\n')}
# As a file of a folder in fpath, and when it is read into a shell.
if [ "$funcstack[1]" = _layerwright ]; then _layerwright "$@"; else compdef _layerwright layerwright; fi
`;
}

function groupFunction(group: string, commands: readonly GrammarCommand[]): string {
  const own = commands.filter(({ name }) => name.startsWith(`${group} `));
  const verbs = own.map((command) => ({ ...command, name: command.name.slice(group.length + 1) }));
  return `_layerwright_${group}() {
  local -a verbs
  verbs=(
${described(verbs.map(({ name, description }) => [name, description]))}
  )
  _arguments -C $common '1: :->verb' '*:: :->rest'
  case $state in
    verb) _describe -t commands verb verbs ;;
    rest)
      case $words[1] in
${verbs.map(commandCase).join('\n')}
      esac
      ;;
  esac
}
`;
}

function described(rows: readonly (readonly [name: string, description: string])[]): string {
  return rows.map(([name, description]) => `    ${quoted(`${name}:${description}`)}`).join('\n');
}

function commandCase({ name, options, operands }: GrammarCommand): string {
  const specs = [
    ...options.flatMap(optionSpecs),
    ...operands.map(({ name: operand, takes }, index) => {
      const position = operand.includes('...') ? '*' : String(index + 1);
      return `    ${quoted(`${position}:${word(operand)}:${action(takes)}`)}`;
    }),
  ];
  return `        ${name}) _arguments $common${specs.map((spec) => ` \\\n      ${spec}`).join('')} ;;`;
}

/** Every flag may come again; zsh offers it again too. */
function optionSpecs({ flags, value, description, takes }: GrammarOption): string[] {
  const tail = takes.kind === 'nothing' ? '' : `:${word(value)}:${action(takes)}`;
  return flags.map((flag) => `    ${quoted(`*${flag}[${description.replace(/[\][]/g, '')}]${tail}`)}`);
}

function action(takes: Taken): string {
  switch (takes.kind) {
    case 'words':
      return `(${takes.words.join(' ')})`;
    case 'files':
      return '_files';
    case 'folders':
      return '_files -/';
    default:
      // Nothing to offer; a message in its place would keep a flag beside it from being completed.
      return '()';
  }
}

function word(name: string): string {
  return name.replace(/[<>[\].:]/g, '');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
