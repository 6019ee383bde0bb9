/** Completion for bash, which needs nothing but bash itself. */
import type { Grammar, GrammarCommand, GrammarOption, Taken } from '../grammar.ts';

export function bashCompletion(grammar: Grammar): string {
  return `# Completion of layerwright for bash; \`layerwright completion bash\` writes it.
${mainFunction(grammar)}
${valueFunction(grammar)}
${flagsFunction(grammar)}
${operandFunction(grammar)}
complete -F _layerwright layerwright
`;
}

/** Which command the words so far name, and whether a flag's value, a flag or an operand stands next. */
function mainFunction({ groups }: Grammar): string {
  return `_layerwright() {
  local current=\${COMP_WORDS[COMP_CWORD]} command= value= kind=text words= word at
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    if [[ -n $value ]]; then
      value=
    elif [[ $word == -* ]]; then
      _layerwright_value "$command" "$word" && value=$word
    elif [[ -z $command ]]; then
      command=$word
    elif [[ $command == @(${groups.map(([name]) => name).join('|')}) ]]; then
      command="$command $word"
    fi
  done
  words=
  if [[ -n $value ]]; then
    _layerwright_value "$command" "$value"
  elif [[ $current == -* ]]; then
    _layerwright_flags "$command"
  else
    _layerwright_operand "$command"
  fi
  COMPREPLY=()
  case $kind in
    words) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current") ;;
    files) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null ;;
    folders) mapfile -t COMPREPLY < <(compgen -d -- "$current"); compopt -o filenames 2>/dev/null ;;
  esac
}
`;
}

function valueFunction({ commands, common }: Grammar): string {
  return `# Whether a flag of a command takes a value, and which.
_layerwright_value() {
  case "$1 $2" in
${commands.flatMap(({ name, options }) => valueLines(name, options)).join('\n')}
    *)
      case $2 in
${valueLines('', common).join('\n')}
        *) return 1 ;;
      esac
      ;;
  esac
}
`;
}

function flagsFunction({ commands, common }: Grammar): string {
  const lines = commands.map(
    ({ name, options }) => `    '${name}') words+=' ${flagsOf(options).join(' ')}' ;;`,
  );
  return `_layerwright_flags() {
  kind=words
  words='${flagsOf(common).join(' ')}'
  case $1 in
${lines.join('\n')}
  esac
}
`;
}

function operandFunction({ commands, groups }: Grammar): string {
  const top = [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? name)), 'help'];
  const verbs = groups.map(([group]) => `    ${group}) words='${verbsOf(commands, group).join(' ')}' ;;`);
  return `_layerwright_operand() {
  kind=words
  case $1 in
    '' | help) words='${top.join(' ')}' ;;
${[...verbs, ...commands.flatMap(operandLine)].join('\n')}
    *) kind=text ;;
  esac
}
`;
}

function verbsOf(commands: readonly GrammarCommand[], group: string): string[] {
  return commands.flatMap(({ name }) => (name.startsWith(`${group} `) ? [name.slice(group.length + 1)] : []));
}

function flagsOf(options: readonly GrammarOption[]): string[] {
  return options.flatMap(({ flags }) => flags);
}

/** Lines of a \`case\` over \`COMMAND FLAG\`, or over the flag alone. */
function valueLines(command: string, options: readonly GrammarOption[]): string[] {
  return options
    .filter(({ takes }) => takes.kind !== 'nothing')
    .map(({ flags, takes }) => {
      const patterns = flags.map((flag) => (command === '' ? flag : `'${command} ${flag}'`));
      return `    ${patterns.join(' | ')}) ${assignment(takes)} ;;`;
    });
}

function operandLine({ name, operands }: GrammarCommand): string[] {
  const [first] = operands;
  return first === undefined ? [] : [`    '${name}') ${assignment(first.takes)} ;;`];
}

function assignment(takes: Taken): string {
  return takes.kind === 'words' ? `kind=words words='${takes.words.join(' ')}'` : `kind=${takes.kind}`;
}
