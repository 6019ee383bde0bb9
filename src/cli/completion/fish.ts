/** Completion for fish: one line a fact. */
import type { Grammar, GrammarCommand, GrammarOption, Taken } from '../grammar.ts';

export function fishCompletion({ commands, groups, common }: Grammar): string {
  const single = commands.filter(({ name }) => !name.includes(' '));
  const top = [...single.map(({ name, description }) => [name, description] as const), ...groups];
  return `# Completion of layerwright for fish; \`layerwright completion fish\` writes it.

# The words so far, without flags and the values of those that stand before the command.
function __layerwright_words
    set -l value no
    for word in (commandline -opc)[2..]
        if test $value = yes
            set value no
            continue
        end
        switch $word
            case ${common.flatMap(({ flags, takes }) => (takes.kind === 'nothing' ? [] : flags)).join(' ')}
                set value yes
            case '-*'
            case '*'
                echo $word
        end
    end
end

function __layerwright_at
    set -l words (__layerwright_words)
    test "$words" = "$argv"
end

function __layerwright_in
    set -l words (__layerwright_words)
    test "$words[1..$(count $argv)]" = "$argv"
end

complete -c layerwright -f
${[...top, ['help', 'show what a command takes'] as const]
  .map(([name, description]) => wordLine('__layerwright_at', name, description))
  .join('\n')}
${single.map(({ name }) => wordLine('__layerwright_at help', name, '')).join('\n')}
${common.map((option) => optionLine(undefined, option)).join('\n')}
${commands.flatMap(commandLines).join('\n')}
`;
}

function commandLines({ name, description, options, operands }: GrammarCommand): string[] {
  const [group = '', verb] = name.split(' ');
  const [first] = operands;
  return [
    ...(verb === undefined ? [] : [wordLine(`__layerwright_at ${group}`, verb, description)]),
    ...options.map((option) => optionLine(name, option)),
    ...(first === undefined ? [] : operandLine(name, first.takes)),
  ];
}

function wordLine(condition: string, word: string, description: string): string {
  const meaning = description === '' ? '' : ` -d ${quoted(description)}`;
  return `complete -c layerwright -n '${condition}' -a ${word}${meaning}`;
}

function operandLine(command: string, takes: Taken): string[] {
  const values = valueWords(takes);
  return values === '' ? [] : [`complete -c layerwright -n '__layerwright_in ${command}'${values}`];
}

function optionLine(command: string | undefined, { flags, description, takes }: GrammarOption): string {
  const condition = command === undefined ? '' : ` -n '__layerwright_in ${command}'`;
  const names = flags.map((flag) =>
    flag.startsWith('--') ? ` -l ${flag.slice(2)}` : ` -s ${flag.slice(1)}`,
  );
  const value = takes.kind === 'nothing' ? '' : ` -r${valueWords(takes)}`;
  return `complete -c layerwright${condition}${names.join('')}${value} -d ${quoted(description)}`;
}

function valueWords(takes: Taken): string {
  switch (takes.kind) {
    case 'words':
      return ` -f -a '${takes.words.join(' ')}'`;
    case 'files':
      return ' -F';
    case 'folders':
      return " -f -a '(__fish_complete_directories)'";
    default:
      return '';
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
