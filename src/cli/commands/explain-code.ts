/** `layerwright explain CODE`: what a code of a diagnostic means, how it ends the command, and what it looks like. */
import { catalogue, catalogueEntry, type DiagnosticCode } from '../../core/diagnostic/catalogue.ts';
import { exitCodes } from '../../core/diagnostic/exit-code.ts';
import { suggest } from '../../core/diagnostic/suggest.ts';
import { escapeText } from '../../core/diagnostic/escape-text.ts';
import { CommandError } from '../command-error.ts';
import examples from '../diagnostic-examples.json' with { type: 'json' };

export function isCode(text: string): text is DiagnosticCode {
  return Object.hasOwn(catalogue, text);
}

/** Throws `command/bad-argument` for what is meant as a code, since its area is one, and is none. */
export function refuseUnknownCode(text: string): void {
  const codes = Object.keys(catalogue);
  const [area = ''] = text.split('/');
  if (!/^[a-z]+\/[a-z0-9-]+$/.test(text) || !codes.some((code) => code.startsWith(`${area}/`))) return;
  const near = suggest(text, codes);
  throw new CommandError('command/bad-argument', `\`${escapeText(text)}\` is no code of a diagnostic`, {
    help: near === undefined ? 'docs/diagnostics.md lists them all' : `did you mean \`${near}\`?`,
  });
}

interface ExplainedCode {
  readonly code: DiagnosticCode;
  readonly meaning: string;
  /** Absent for codes that are only ever warnings. */
  readonly exitCode?: number;
  readonly retryable: boolean;
  /** As it is printed, with its cure. */
  readonly example?: string;
}

/** The text or document for stdout. */
export function explainCode(code: DiagnosticCode, { json }: { readonly json: boolean }): string {
  const { summary: meaning, exit, retryable = false } = catalogueEntry(code);
  const example = (examples as Readonly<Record<string, string>>)[code];
  const explained: ExplainedCode = {
    code,
    meaning,
    ...(exit === undefined ? {} : { exitCode: exitCodes[exit] }),
    retryable,
    ...(example === undefined ? {} : { example }),
  };
  return json ? `${JSON.stringify(explained, undefined, 2)}\n` : `${codeLines(explained).join('\n')}\n`;
}

function codeLines({ code, meaning, exitCode, retryable, example }: ExplainedCode): string[] {
  const end =
    exitCode === undefined ? 'a warning: the command goes on' : `ends the command with ${String(exitCode)}`;
  return [
    code,
    `  ${meaning}`,
    `  ${end}${retryable ? '; trying again may help' : ''}`,
    ...(example === undefined ? [] : ['', 'for example:', '', ...example.split('\n').map(indented)]),
  ];
}

function indented(line: string): string {
  return line === '' ? '' : `  ${line}`;
}
