# Completion of layerwright for PowerShell; `layerwright completion powershell` writes it.
$layerwrightCommands = @{
  '' = @{ Operand = @('init', 'build', 'plan', 'watch', 'explain', 'diff', 'lint', 'verify', 'report', 'lock', 'outdated', 'update', 'inspect', 'ls', 'pull', 'push', 'copy', 'tags', 'delete', 'bundle', 'run', 'serve', 'schema', 'doctor', 'completion', 'cache', 'help'); Options = @{} }
  'help' = @{ Operand = @('init', 'build', 'plan', 'watch', 'explain', 'diff', 'lint', 'verify', 'report', 'lock', 'outdated', 'update', 'inspect', 'ls', 'pull', 'push', 'copy', 'tags', 'delete', 'bundle', 'run', 'serve', 'schema', 'doctor', 'completion', 'cache', 'help'); Options = @{} }
  'cache' = @{ Operand = @('ls', 'du', 'verify', 'gc'); Options = @{} }
  'init' = @{ Operand = @(); Options = @{ '--image' = @(); '--from' = @(); '--force' = $null; '--ci' = @('github') } }
  'build' = @{ Operand = @(); Options = @{ '-f' = @(); '--file' = @(); '--arg' = @(); '--platform' = @(); '--no-cache' = $null; '--jobs' = @(); '-t' = @(); '--tag' = @(); '-o' = @(); '--output' = @(); '--push' = $null; '--load' = $null; '--cache-from' = @(); '--cache-to' = @(); '--plan' = @(); '--metadata-file' = @(); '--digest-file' = @(); '--frozen-lockfile' = $null; '--no-frozen-lockfile' = $null; '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'plan' = @{ Operand = @(); Options = @{ '-f' = @(); '--file' = @(); '--arg' = @(); '--platform' = @(); '--no-cache' = $null; '-t' = @(); '--tag' = @(); '-o' = @(); '--output' = @(); '--out' = @(); '--exit-code' = $null; '--graph' = @('mermaid'); '--frozen-lockfile' = $null; '--no-frozen-lockfile' = $null; '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'watch' = @{ Operand = @(); Options = @{ '-f' = @(); '--file' = @(); '--arg' = @(); '--platform' = @(); '--no-cache' = $null; '--jobs' = @(); '-t' = @(); '--tag' = @(); '-o' = @(); '--output' = @(); '--push' = $null; '--load' = $null; '--serve' = @(); '--exec' = @(); '--poll' = @(); '--frozen-lockfile' = $null; '--no-frozen-lockfile' = $null; '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'explain' = @{ Operand = @(); Options = @{ '--since' = @(); '-f' = @(); '--file' = @(); '--arg' = @(); '--image' = @(); '--platform' = @(); '--jobs' = @(); '--frozen-lockfile' = $null; '--no-frozen-lockfile' = $null; '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'diff' = @{ Operand = @(); Options = @{ '--stat' = $null; '--exit-code' = $null; '--max-growth' = @(); '-f' = @(); '--file' = @(); '--arg' = @(); '--image' = @(); '--platform' = @(); '--jobs' = @(); '--frozen-lockfile' = $null; '--no-frozen-lockfile' = $null; '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'lint' = @{ Operand = @(); Options = @{ '-f' = @(); '--file' = @(); '--arg' = @(); '--platform' = @(); '--allow' = @(); '--exit-code' = $null; '--fix' = $null; '--frozen-lockfile' = $null; '--no-frozen-lockfile' = $null; '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'verify' = @{ Operand = @(); Options = @{ '--rebuild' = $null; '--twice' = $null; '-f' = @(); '--file' = @(); '--image' = @(); '--arg' = @(); '--platform' = @(); '--jobs' = @(); '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'report' = @{ Operand = @(); Options = @{ '-o' = @(); '--output' = @(); '--against' = @(); '--no-timeline' = $null; '-f' = @(); '--file' = @(); '--arg' = @(); '--platform' = @(); '--jobs' = @(); '--frozen-lockfile' = $null; '--no-frozen-lockfile' = $null; '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'lock' = @{ Operand = @(); Options = @{ '--check' = $null; '-f' = @(); '--file' = @(); '--arg' = @(); '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'outdated' = @{ Operand = @(); Options = @{ '--exit-code' = $null; '-f' = @(); '--file' = @(); '--arg' = @(); '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'update' = @{ Operand = @(); Options = @{ '-f' = @(); '--file' = @(); '--arg' = @(); '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'inspect' = @{ Operand = @(); Options = @{ '--raw' = $null; '--referrers' = $null; '--platform' = @(); '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'ls' = @{ Operand = @(); Options = @{ '--layers' = $null; '--platform' = @(); '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'pull' = @{ Operand = @(); Options = @{ '--platform' = @(); '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'push' = @{ Operand = @(); Options = @{ '--platform' = @(); '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'copy' = @{ Operand = @(); Options = @{ '--platform' = @(); '--load' = $null; '--all-tags' = $null; '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'tags' = @{ Operand = @(); Options = @{ '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'delete' = @{ Operand = @(); Options = @{ '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'bundle' = @{ Operand = @(); Options = @{ '--rootless' = $null; '-f' = @(); '--file' = @(); '--image' = @(); '--platform' = @(); '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'run' = @{ Operand = @(); Options = @{ '--runtime' = @(); '--network' = @('none', 'host'); '--rootless' = $null; '-f' = @(); '--file' = @(); '--image' = @(); '--platform' = @(); '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'serve' = @{ Operand = @(); Options = @{ '--listen' = @(); '--read-only' = $null; '--accounts' = @(); '--tls-cert' = @(); '--tls-key' = @() } }
  'schema' = @{ Operand = @('recipe', 'lock', 'events'); Options = @{  } }
  'doctor' = @{ Operand = @(); Options = @{ '--registry' = @(); '--authfile' = @(); '--plain-http' = @(); '--auth-realm' = @(); '--timeout' = @(); '--attempts' = @(); '--offline' = $null } }
  'cache ls' = @{ Operand = @(); Options = @{  } }
  'cache du' = @{ Operand = @(); Options = @{  } }
  'cache verify' = @{ Operand = @(); Options = @{  } }
  'cache gc' = @{ Operand = @(); Options = @{ '--keep-days' = @() } }
  'completion' = @{ Operand = @('bash', 'zsh', 'fish', 'powershell'); Options = @{  } }
}
$layerwrightCommon = @{ '-C' = @(); '--directory' = @(); '--progress' = @('auto', 'tty', 'plain', 'json', 'quiet', 'github'); '--color' = @('auto', 'always', 'never'); '-q' = $null; '--quiet' = $null; '-v' = $null; '--verbose' = $null; '--json' = $null; '-h' = $null; '--help' = $null }

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
