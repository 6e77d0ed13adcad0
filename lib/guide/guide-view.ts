import type { Token } from 'markdown-it';
import type { GuideDocument } from './guide-document.js';
import { readGuide } from './guide-tokens.js';

/** The guide for the dashboard, as parsed nodes, so that the dashboard needs no parser for Markdown or HTML. */
export interface WebhookGuideView {
  readonly title: string;
  readonly sections: readonly WebhookGuideSection[];
}

/** A heading, and everything up to the next one. */
export interface WebhookGuideSection {
  /** The same id as on the page: `rotating-a-secret`. */
  readonly id: string;
  /** 2 to 6. */
  readonly level: number;
  readonly title: readonly WebhookGuideNode[];
  /** The language, if several sections say the same for different languages: `python`. */
  readonly language?: string;
  readonly content: readonly WebhookGuideNode[];
}

export type WebhookGuideNode = string | WebhookGuideElement;

export interface WebhookGuideElement {
  /** A tag of HTML: `p`, `ul`, `table` …; `pre` contains code. */
  readonly tag: string;
  readonly content: readonly WebhookGuideNode[];
  /** The target of a link: a URL, or a path relative to the guide's page; `#` and the id of a section. */
  readonly href?: string;
  /** The first number of a list, unless it is 1. */
  readonly start?: number;
}

const LANGUAGE = /^verify-(.+)$/;

export async function guideView(document: GuideDocument): Promise<WebhookGuideView> {
  const { parts } = await readGuide(document);
  const sections = parts.flatMap(({ name, tokens }) => {
    const [, language] = LANGUAGE.exec(name) ?? [];
    return sectionsOf(tokens).map((section) => (language ? { ...section, language } : section));
  });
  return { title: document.title, sections };
}

/** A part begins with its heading, and may contain more of them. */
function sectionsOf(tokens: readonly Token[]): WebhookGuideSection[] {
  const starts = tokens.flatMap(({ type, level }, index) =>
    type === 'heading_open' && level === 0 ? [index] : [],
  );
  return starts.map((start, place) => ({
    id: String(tokens[start]!.attrGet('id')),
    level: Number(tokens[start]!.tag.slice(1)),
    title: nodesOf(tokens[start + 1]!.children!),
    content: nodesOf(tokens.slice(start + 3, starts[place + 1])),
  }));
}

type Open = WebhookGuideElement & { readonly content: WebhookGuideNode[] };

function nodesOf(tokens: readonly Token[]): WebhookGuideNode[] {
  const root: Open = { tag: '', content: [] };
  const open = [root];
  for (const token of tokens) {
    // Paragraphs of a list without empty lines.
    if (token.hidden) continue;
    const within = open.at(-1)!.content;
    if (token.nesting < 0) open.pop();
    else if (token.nesting > 0) {
      const element = elementOf(token);
      within.push(element);
      open.push(element);
    } else if (token.type === 'inline') within.push(...nodesOf(token.children!));
    else
      within.push(
        leafOf(
          token,
          open.some(({ tag }) => tag === 'a'),
        ),
      );
  }
  return root.content;
}

function elementOf(token: Token): Open {
  const href = token.attrGet('href');
  const start = token.attrGet('start');
  return {
    tag: token.tag,
    content: [],
    ...(href === null ? {} : { href: String(href) }),
    ...(start === null ? {} : { start: Number(start) }),
  };
}

function leafOf(token: Token, isInLink: boolean): WebhookGuideNode {
  switch (token.type) {
    case 'fence':
    case 'code_block':
      return { tag: 'pre', content: [token.content.replace(/\n$/, '')] };
    case 'code_inline':
      return { tag: 'code', content: [token.content] };
    case 'image':
      // The dashboard loads no images from other servers.
      return isInLink
        ? token.content
        : { tag: 'a', href: String(token.attrGet('src')), content: [token.content] };
    case 'softbreak':
      return '\n';
    case 'hardbreak':
    case 'hr':
      return { tag: token.tag, content: [] };
    default:
      return token.content;
  }
}
