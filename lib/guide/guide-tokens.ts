import type { MarkdownIt, Token } from 'markdown-it';
import { guideMarkdown, partMarkdown, type GuideDocument } from './guide-document.js';

/** A part of the guide, read: its headings have their ids. */
export interface ReadPart {
  readonly name: string;
  readonly tokens: Token[];
}

export interface ReadGuide {
  readonly markdown: MarkdownIt;
  readonly parts: readonly ReadPart[];
}

/** HTML in Markdown is text. Loaded with the first reader, since that takes 80 ms, and most processes never have one. */
export async function readGuide(document: GuideDocument): Promise<ReadGuide> {
  const { default: MarkdownIt } = await import('markdown-it');
  const markdown = new MarkdownIt({ html: false });
  // Links of one part may be defined in another.
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

/** What a heading says, without its marks. */
export const plainText = ({ children }: Token): string =>
  (children ?? [])
    .map(({ type, content }) =>
      type === 'text' || type === 'code_inline' || type === 'text_special' ? content : '',
    )
    .join('');

function nameHeadings(tokens: readonly Token[], ids: Set<string>): void {
  for (const [index, token] of tokens.entries()) {
    if (token.type !== 'heading_open') continue;
    // The guide has its one heading of the first level.
    if (token.tag === 'h1') token.tag = tokens[index + 2]!.tag = 'h2';
    token.attrSet('id', freeId(slug(tokens[index + 1]!.content), ids));
  }
}

/** As GitHub makes them, so that a link to a heading works there and here. */
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
