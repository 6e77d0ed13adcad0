import type { MarkdownIt, Token } from 'markdown-it';
import { guideMarkdown, partMarkdown, type GuideDocument } from './guide-document.js';

/** A parsed part of the guide. Its headings have their ids. */
export interface ReadPart {
  readonly name: string;
  readonly tokens: Token[];
}

export interface ReadGuide {
  readonly markdown: MarkdownIt;
  readonly parts: readonly ReadPart[];
}

/**
 * Treats HTML in Markdown as text. The parser takes 80 ms to load and most processes never need it, so it is loaded
 * on first use.
 */
export async function readGuide(document: GuideDocument): Promise<ReadGuide> {
  const { default: MarkdownIt } = await import('markdown-it');
  const markdown = new MarkdownIt({ html: false });
  // A part may define links that others use.
  const env = {};
  markdown.parse(guideMarkdown(document), env);
  const ids = new Set<string>();
  const parts = document.parts.map((part) => {
    const tokens = markdown.parse(partMarkdown(part), env);
    nameHeadings(tokens, ids);
    return { name: part.name, tokens };
  });
  return { markdown, parts };
}

/** The plain text of a heading. */
export const plainText = ({ children }: Token): string =>
  (children ?? [])
    .map(({ type, content }) =>
      type === 'text' || type === 'code_inline' || type === 'text_special' ? content : '',
    )
    .join('');

function nameHeadings(tokens: readonly Token[], ids: Set<string>): void {
  for (const [index, token] of tokens.entries()) {
    if (token.type !== 'heading_open') continue;
    // The guide has a single heading of the first level.
    if (token.tag === 'h1') token.tag = tokens[index + 2]!.tag = 'h2';
    token.attrSet('id', freeId(slug(tokens[index + 1]!.content), ids));
  }
}

/** Ids like GitHub's, so that a link to a heading works in both places. */
const slug = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-') || 'section';

function freeId(wanted: string, taken: Set<string>): string {
  let id = wanted;
  for (let count = 1; taken.has(id); count++) id = `${wanted}-${count}`;
  taken.add(id);
  return id;
}
