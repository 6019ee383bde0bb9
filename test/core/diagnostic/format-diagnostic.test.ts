import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/core/diagnostic/diagnostic.ts';
import { formatDiagnostic, formatDiagnostics } from '../../../src/core/diagnostic/format-diagnostic.ts';
import { placeOf, type SourceText } from '../../../src/core/diagnostic/source-text.ts';

function at(text: string, start: number, end: number): { source: SourceText; diagnostic: Diagnostic } {
  const source = { name: 'oci.config.yaml', text };
  return {
    source,
    diagnostic: {
      code: 'recipe/syntax',
      severity: 'error',
      message: 'm',
      place: placeOf(source, { start, end }),
    },
  };
}

function frameOf(text: string, start: number, end: number): string[] {
  const { source, diagnostic } = at(text, start, end);
  return formatDiagnostic(diagnostic, source).split('\n').slice(3, 5);
}

describe('formatDiagnostic', () => {
  it('looks as the design shows it', () => {
    const source = { name: 'oci.config.yaml', text: 'image: x\n\nplatfroms: [linux/amd64, linux/arm64]\n' };
    const place = placeOf(source, { start: 10, end: 19 });
    const help = 'did you mean `platforms`?';
    const diagnostic: Diagnostic = {
      code: 'recipe/unknown-key',
      severity: 'error',
      message: 'unknown key `platfroms`',
      place,
      help,
    };
    expect(formatDiagnostic(diagnostic, source)).toBe(
      [
        'error[recipe/unknown-key] unknown key `platfroms`',
        ' --> oci.config.yaml:3:1',
        '  |',
        '3 | platfroms: [linux/amd64, linux/arm64]',
        '  | ^^^^^^^^^',
        '  = help: did you mean `platforms`?',
      ].join('\n'),
    );
  });

  it('leaves the frame out where the text is not at hand', () => {
    const { diagnostic } = at('\n'.repeat(11) + '          0755', 21, 25);
    const withHelp = { ...diagnostic, help: 'quote it: mode: "0755"' };
    expect(formatDiagnostic(withHelp)).toBe(
      'error[recipe/syntax] m\n --> oci.config.yaml:12:11\n   = help: quote it: mode: "0755"',
    );
  });

  it('puts related places before the help, with all bars in one column', () => {
    const { source, diagnostic } = at(`a: 1\n${'#\n'.repeat(8)}a: 2\n`, 21, 22);
    const related = [{ message: 'it first stands here', place: placeOf(source, { start: 0, end: 1 }) }];
    expect(formatDiagnostic({ ...diagnostic, related, help: 'keep one' }, source)).toBe(
      [
        'error[recipe/syntax] m',
        ' --> oci.config.yaml:10:1',
        '   |',
        '10 | a: 2',
        '   | ^',
        '   = it first stands here',
        ' --> oci.config.yaml:1:1',
        '   |',
        ' 1 | a: 1',
        '   | ^',
        '   = help: keep one',
      ].join('\n'),
    );
  });

  it('is one line for a warning without place and help', () => {
    const diagnostic: Diagnostic = { code: 'recipe/syntax', severity: 'warning', message: 'm' };
    expect(formatDiagnostic(diagnostic)).toBe('warning[recipe/syntax] m');
    expect(formatDiagnostics([diagnostic, diagnostic])).toBe(
      'warning[recipe/syntax] m\n\nwarning[recipe/syntax] m',
    );
  });

  it('paints with plain ANSI codes only where asked', () => {
    const { source, diagnostic } = at('abc', 1, 2);
    expect(formatDiagnostic(diagnostic, source, { color: true }).split('\n')).toEqual([
      '\u001b[1;31merror[recipe/syntax]\u001b[0m \u001b[1mm\u001b[0m',
      ' \u001b[34m-->\u001b[0m oci.config.yaml:1:2',
      '  \u001b[34m|\u001b[0m',
      '\u001b[34m1\u001b[0m \u001b[34m|\u001b[0m abc',
      '  \u001b[34m|\u001b[0m \u001b[1;31m ^\u001b[0m',
    ]);
    expect(formatDiagnostic(diagnostic, source)).not.toContain('\u001b');
  });

  it('escapes the name of the file', () => {
    const { diagnostic } = at('a', 0, 1);
    const place = { ...placeOf({ name: 'evil\u001b[2J', text: '' }, { start: 0, end: 0 }) };
    expect(formatDiagnostic({ ...diagnostic, place })).toContain('--> evil\\x1b[2J:1:1');
  });
});

describe('the frame', () => {
  it('shows tabs as spaces under which the carets fit', () => {
    expect(frameOf('\ta: b', 4, 5)).toEqual(['1 |     a: b', '  |        ^']);
  });

  it('gives wide characters two carets and joining marks none', () => {
    expect(frameOf('a: 日本 é', 3, 5)).toEqual(['1 | a: 日本 é', '  |    ^^^^']);
    expect(frameOf('e\u0301x', 2, 3)).toEqual(['1 | e\u0301x', '  |  ^']);
    expect(frameOf('😀x', 2, 3)).toEqual(['1 | 😀x', '  |   ^']);
  });

  it('shows controls as escapes', () => {
    expect(frameOf('a\u001bb', 2, 3)).toEqual(['1 | a\\x1bb', '  |      ^']);
  });

  it('leaves out the carriage return of CRLF', () => {
    expect(frameOf('a: 1\r\nb: 2\r\n', 6, 7)).toEqual(['2 | b: 2', '  | ^']);
  });

  it('marks a span of several lines to the end of its first', () => {
    expect(frameOf('a:\n  b\n  c\n', 0, 8)).toEqual(['1 | a:', '  | ^^']);
  });

  it('marks an empty span and the end of the text with one caret', () => {
    expect(frameOf('abc', 1, 1)).toEqual(['1 | abc', '  |  ^']);
    expect(frameOf('abc', 3, 3)).toEqual(['1 | abc', '  |    ^']);
    expect(frameOf('abc\n', 4, 4)).toEqual(['2 |', '  | ^']);
    expect(frameOf('', 0, 0)).toEqual(['1 |', '  | ^']);
  });

  it('cuts a long line to a window around the span, in time that does not grow with the line', () => {
    const text = `${'a'.repeat(50_000_000)}XYZ${'b'.repeat(50_000_000)}`;
    const began = performance.now();
    const [line, carets] = frameOf(text, 50_000_000, 50_000_003);
    expect(performance.now() - began).toBeLessThan(1000);
    expect(line).toMatch(/^1 \| …a{19,20}XYZb+…$/);
    expect(line?.indexOf('XYZ')).toBe(carets?.indexOf('^^^'));
  });
});
