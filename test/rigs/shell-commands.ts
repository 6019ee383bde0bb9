/**
 * The simple commands of a shell text, each as its words: as much of sh's grammar as our documents and the action use.
 * What stands in `$(…)` is a command too, and a word where it stood. Redirections, here-documents, assignments before a
 * command and the words of the grammar (`if`, `then`, `done`) are left out.
 */
export function shellCommands(text: string): readonly (readonly string[])[] {
  const found: string[][] = [];
  const reading: Reading = { text: withoutHereDocuments(text.replaceAll('\\\n', ' ')), at: 0, found };
  readList(reading, '');
  return found.filter((words) => words.length > 0);
}

interface Reading {
  readonly text: string;
  at: number;
  readonly found: string[][];
}

const grammarWords = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'for',
  'while',
  'do',
  'done',
  '!',
  '{',
  '}',
]);
const assignment = /^[A-Za-z_]\w*=/;

function withoutHereDocuments(text: string): string {
  return text.replaceAll(/<<-?\s*'?(?<end>\w+)'?(?<rest>[^\n]*)\n(?:.*?\n)??\k<end>(?=\n|$)/gs, '$<rest>');
}

/** Commands up to a character that ends them, which is read too. */
function readList(reading: Reading, until: string): void {
  let words: string[] = [];
  let skipsNext = false;
  const end = (): void => {
    reading.found.push(words);
    words = [];
  };
  for (; reading.at < reading.text.length;) {
    const rest = reading.text.slice(reading.at);
    const character = rest.charAt(0);
    if (until !== '' && character === until) break;
    const passed = /^(?:[ \t]+|#[^\n]*)/.exec(rest)?.[0];
    const redirection = /^(?:\d?>&\d|&>|\d?[<>]{1,2})/.exec(rest)?.[0];
    if (passed !== undefined) reading.at += passed.length;
    else if (redirection !== undefined) {
      reading.at += redirection.length;
      skipsNext = !/&\d$/.test(redirection);
    } else if (/^[\n;&|()]/.test(character)) {
      reading.at += 1;
      end();
    } else {
      const word = readWord(reading, until);
      const isLeftOut = words.length === 0 && (assignment.test(word) || grammarWords.has(word));
      if (!skipsNext && !isLeftOut) words.push(word);
      skipsNext = false;
    }
  }
  reading.at += until.length;
  end();
}

function readWord(reading: Reading, until: string): string {
  let word = '';
  while (reading.at < reading.text.length) {
    const rest = reading.text.slice(reading.at);
    const character = rest.charAt(0);
    if (/^[\s;&|()<>]/.test(character) || (until !== '' && character === until)) break;
    if (rest.startsWith('$(')) word += readSubstitution(reading);
    else if (character === '"') word += readDoubleQuoted(reading);
    else {
      const piece = /^'(?<quoted>[^']*)'|^\\(?<escaped>.)|^(?<plain>.)/s.exec(rest);
      const { quoted, escaped, plain } = piece?.groups ?? {};
      word += quoted ?? escaped ?? plain ?? '';
      reading.at += piece?.[0].length ?? 1;
    }
  }
  return word;
}

function readDoubleQuoted(reading: Reading): string {
  let word = '';
  for (reading.at += 1; reading.at < reading.text.length && reading.text.charAt(reading.at) !== '"';) {
    if (reading.text.startsWith('$(', reading.at)) {
      word += readSubstitution(reading);
      continue;
    }
    if (reading.text.charAt(reading.at) === '\\') reading.at += 1;
    word += reading.text.charAt(reading.at);
    reading.at += 1;
  }
  reading.at += 1;
  return word;
}

function readSubstitution(reading: Reading): string {
  reading.at += 2;
  readList(reading, ')');
  return 'SUBSTITUTED';
}
