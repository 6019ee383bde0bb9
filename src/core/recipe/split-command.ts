/**
 * A command line as the list that it means, in YAML's flow style, for the cure of `cmd: node server.js`. Quotes are
 * honoured as a POSIX shell does; where a shell would do more (pipes, variables), the list calls a shell.
 */
import { escapeText } from '../diagnostic/escape-text.ts';

export function splitCommand(text: string): string {
  const shortened = escapeText(text.trim()).slice(0, 200);
  const words = /[|&;<>$`*?(){}\\]/.test(shortened) ? ['/bin/sh', '-c', shortened] : splitWords(shortened);
  return `[${words.map(flowItem).join(', ')}]`;
}

function splitWords(text: string): string[] {
  const words = text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

/** Quoted where plain text would mean something else to YAML. */
function flowItem(word: string): string {
  return /^[A-Za-z/.][\w/.@=+:-]*$/.test(word) &&
    !/^(?:true|false|null|~)$/i.test(word) &&
    !word.endsWith(':')
    ? word
    : JSON.stringify(word);
}
