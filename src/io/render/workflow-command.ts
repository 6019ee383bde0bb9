/**
 * Workflow commands of GitHub Actions: lines of a step's output that its runner obeys (docs.github.com, Workflow commands
 * for GitHub Actions; actions/runner, ActionCommand). What others wrote must not become one.
 */

export interface WorkflowCommand {
  readonly name: 'group' | 'endgroup' | 'error' | 'warning';
  readonly properties?: Readonly<Record<string, string | undefined>>;
  readonly message?: string;
}

/** `::error file=oci.config.yaml,line=3::…`, its newline included. */
export function workflowCommand({ name, properties = {}, message = '' }: WorkflowCommand): string {
  const said = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${escapeProperty(value)}`],
  );
  return `::${name}${said.length === 0 ? '' : ` ${said.join(',')}`}::${escapeMessage(message)}\n`;
}

function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

// The runner looks for `::` behind blanks at the start of a line, and for `##[` anywhere; its comparison of texts is one
// that takes no notice of characters without width.
const atStart = /^([\p{C}\p{M}\p{Z}]*):(?=[\p{C}\p{M}]*:)/gmu;
const anywhere = /#(?=[\p{C}\p{M}]*#[\p{C}\p{M}]*\[)/gu;

/** The text with every line that the runner would obey made one that it prints. */
export function withoutCommands(text: string): string {
  return text.replace(atStart, '$1\\x3a').replace(anywhere, '\\x23');
}
