/** Completion for PowerShell: a table, and a script that looks into it. */
import type { Grammar, GrammarOption, Taken } from '../grammar.ts';

export function powershellCompletion({ commands, groups, common }: Grammar): string {
  const top = [...commands.filter(({ name }) => !name.includes(' ')).map(({ name }) => name)];
  const words = [...top, ...groups.map(([name]) => name), 'help'];
  const verbs = groups.map(([group]) => {
    const own = commands.flatMap(({ name }) =>
      name.startsWith(`${group} `) ? [name.split(' ')[1] ?? ''] : [],
    );
    return `  '${group}' = @{ Operand = ${list(own)}; Options = @{} }`;
  });
  const rows = commands.map(
    ({ name, options, operands }) =>
      `  '${name}' = @{ Operand = ${values(operands[0]?.takes)}; Options = ${table(options)} }`,
  );
  return `# Completion of layerwright for PowerShell; \`layerwright completion powershell\` writes it.
$layerwrightCommands = @{
  '' = @{ Operand = ${list(words)}; Options = @{} }
  'help' = @{ Operand = ${list(words)}; Options = @{} }
${[...verbs, ...rows].join('\n')}
}
$layerwrightCommon = ${table(common)}

Register-ArgumentCompleter -Native -CommandName layerwright -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $command = ''
  $previous = ''
  foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
    if ($element.Extent.EndOffset -ge $cursorPosition) { break }
    $word = $element.ToString()
    $next = "$command $word".Trim()
    if (-not $word.StartsWith('-') -and $layerwrightCommands.ContainsKey($next)) { $command = $next }
    $previous = $word
  }
  $entry = $layerwrightCommands[$command]
  $options = $layerwrightCommon + @{}
  foreach ($flag in $entry.Options.Keys) { $options[$flag] = $entry.Options[$flag] }
  if ($options.ContainsKey($previous) -and $null -ne $options[$previous]) { $found = $options[$previous] }
  elseif ($wordToComplete.StartsWith('-')) { $found = $options.Keys | Sort-Object }
  else { $found = $entry.Operand }
  $found | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

/** A flag without a value has none; one whose value is anybody's guess has an empty list, and files are completed. */
function table(options: readonly GrammarOption[]): string {
  const rows = options.flatMap(({ flags, takes }) =>
    flags.map((flag) => `'${flag}' = ${takes.kind === 'nothing' ? '$null' : values(takes)}`),
  );
  return `@{ ${rows.join('; ')} }`;
}

function values(takes: Taken | undefined): string {
  return takes?.kind === 'words' ? list(takes.words) : '@()';
}

function list(words: readonly string[]): string {
  return `@(${words.map((word) => `'${word}'`).join(', ')})`;
}
