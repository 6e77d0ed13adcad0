/** A line of a guide, in a form in which two guides can be compared. */
export interface GuideLine {
  readonly kind: 'heading' | 'sentence' | 'code';
  readonly text: string;
}

/**
 * The headings, sentences and lines of code of a Markdown guide, in order, without the marks of lists, links
 * and emphasis.
 */
export function linesOf(markdown: string): GuideLine[] {
  const lines: GuideLine[] = [];
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const [, mark] = /^(`{3,})/.exec(line) ?? [];
    if (mark !== undefined && (fence === undefined || fence === mark)) {
      fence = fence === undefined ? mark : undefined;
    } else if (fence !== undefined) {
      if (line.trim() !== '') lines.push({ kind: 'code', text: line.trim() });
    } else if (/^#+ /.test(line)) {
      lines.push({ kind: 'heading', text: line });
    } else {
      lines.push(...sentencesOf(plain(line)).map((text) => ({ kind: 'sentence', text }) as const));
    }
  }
  return lines;
}

const plain = (line: string): string =>
  line
    .replace(/^\s*(?:[-*]|\d+\.) /, '')
    .replaceAll(/\*\*|`/g, '')
    .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .trim();

const sentencesOf = (line: string): string[] =>
  line.split(/(?<=[.?!:]) (?=[A-Z])/).filter((text) => text !== '');

/** The entries of `wanted` that `found` does not contain in the same order. */
export function missingLines(wanted: readonly GuideLine[], found: readonly GuideLine[]): GuideLine[] {
  let from = 0;
  return wanted.filter(({ kind, text }) => {
    const at = found.findIndex((line, index) => index >= from && line.kind === kind && line.text === text);
    if (at >= 0) from = at + 1;
    return at < 0;
  });
}

/** The code of the first fenced block below a heading. */
export function codeBelow(markdown: string, heading: string): string {
  const [, section] = markdown.split(new RegExp(`\n#{2,4} ${heading.replace(/\W/g, '\\$&')}\n`));
  const code = section?.match(/\n(`{3,})(?!json)\w+\n([\s\S]*?)\n\1\n/)?.[2];
  if (code === undefined) throw new Error(`There is no code under the heading "${heading}".`);
  return `${code}\n`;
}
