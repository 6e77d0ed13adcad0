/** Escapes a text of the app as one line of Markdown. */
export const text = (value: string): string =>
  value
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_~[\]<>&|]|(?<!\S)#/g, '\\$&');

/** Inline code. Its fence is longer than any in the text. */
export function code(value: string): string {
  const line = value.replaceAll(/\s+/g, ' ');
  const fence = '`'.repeat(longestRun(line) + 1);
  // Markdown removes this space. Without it, the fence would merge with the text.
  const space = /^`|`$|^ .* $/.test(line) ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}

/** A code block. Its fence is longer than any in the text. */
export function codeBlock(language: string, value: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(value) + 1));
  return `${fence}${language}\n${value.replace(/\n$/, '')}\n${fence}`;
}

/** A row of a table. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  // An unescaped bar ends a cell, even within code.
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll(/(?<!\\)\|/g, '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A list, numbered or not. */
export const steps = (lines: readonly string[]): string =>
  lines.map((line, index) => `${index + 1}. ${line}`).join('\n');
export const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

/** Joins blocks with an empty line, without the missing ones. */
export const blocks = (...parts: readonly (string | false | undefined)[]): string =>
  parts.filter(Boolean).join('\n\n');

const longestRun = (value: string): number =>
  Math.max(0, ...[...value.matchAll(/`+/g)].map(([run]) => run.length));
