/** A text of the app's as Markdown that says nothing but this text, in one line. */
export const text = (value: string): string =>
  value
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_~[\]<>&|]|(?<!\S)#/g, '\\$&');

/** `code` in a line. The fence is longer than any in it. */
export function code(value: string): string {
  const line = value.replaceAll(/\s+/g, ' ');
  const fence = '`'.repeat(longestRun(line) + 1);
  // The space is taken away again; without it, the fence would be one with what it holds.
  const space = /^`|`$|^ .* $/.test(line) ? ' ' : '';
  return `${fence}${space}${line}${space}${fence}`;
}

/** A block of code, whose fence is longer than any in it. */
export function codeBlock(language: string, value: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(value) + 1));
  return `${fence}${language}\n${value.replace(/\n$/, '')}\n${fence}`;
}

/** Cells in Markdown. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  // A bar ends a cell, within code too; one that is escaped does not.
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll(/(?<!\\)\|/g, '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Lines of a list, numbered or not. */
export const steps = (lines: readonly string[]): string =>
  lines.map((line, index) => `${index + 1}. ${line}`).join('\n');
export const bullets = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

/** Blocks with an empty line between, without those that are not there. */
export const blocks = (...parts: readonly (string | false | undefined)[]): string =>
  parts.filter(Boolean).join('\n\n');

const longestRun = (value: string): number =>
  Math.max(0, ...[...value.matchAll(/`+/g)].map(([run]) => run.length));
