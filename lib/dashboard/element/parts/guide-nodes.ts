import { html, type TemplateResult } from 'lit';
import type { WebhookGuideNode } from '../api/api-types.js';
import { t } from '../texts/t.js';
import { codeBlock } from './code-block.js';

type Content = unknown;

/** The HTML elements that the guide may contain. Of all others, only the content is shown. */
const TAGS: Readonly<Record<string, (content: Content) => TemplateResult>> = {
  p: (content) => html`<p>${content}</p>`,
  ul: (content) =>
    html`<ul>
      ${content}
    </ul>`,
  li: (content) => html`<li>${content}</li>`,
  em: (content) => html`<em>${content}</em>`,
  strong: (content) => html`<strong>${content}</strong>`,
  s: (content) => html`<s>${content}</s>`,
  code: (content) => html`<code>${content}</code>`,
  br: () => html`<br />`,
  hr: () => html`<hr />`,
  blockquote: (content) => html`<blockquote>${content}</blockquote>`,
  table: (content) =>
    html`<div class="guide-table" tabindex="0" role="group" aria-label=${t('guide.table')}>
      <table>
        ${content}
      </table>
    </div>`,
  thead: (content) =>
    html`<thead>
      ${content}
    </thead>`,
  tbody: (content) =>
    html`<tbody>
      ${content}
    </tbody>`,
  tr: (content) =>
    html`<tr>
      ${content}
    </tr>`,
  th: (content) => html`<th scope="col">${content}</th>`,
  td: (content) => html`<td>${content}</td>`,
};
/** The protocols that links may have. None of them can run a script. */
const PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'tel:']);

interface GuidePlace {
  /** The URL of the guide's page, which resolves relative links. */
  readonly url: string;
  /** The label of a code block, for screen readers. */
  readonly codeLabel: string;
  readonly linkTo: (section: string, content: Content) => TemplateResult;
}

/** Renders nodes of the guide as text and allowed elements, whatever they contain. */
export function guideNodes(nodes: readonly WebhookGuideNode[], place: GuidePlace): unknown[] {
  return nodes.map((node) => {
    if (typeof node === 'string') return node;
    const { tag, href, start = 1 } = node;
    if (tag === 'pre') return codeBlock(textOf(node.content), { label: place.codeLabel });
    const content = guideNodes(node.content, place);
    if (tag === 'ol')
      return html`<ol start=${start}>
        ${content}
      </ol>`;
    return href === undefined ? (TAGS[tag]?.(content) ?? content) : linkOf(href, content, place);
  });
}

export const textOf = (nodes: readonly WebhookGuideNode[]): string =>
  nodes.map((node) => (typeof node === 'string' ? node : textOf(node.content))).join('');

function linkOf(href: string, content: Content, { url, linkTo }: GuidePlace): unknown {
  if (href.startsWith('#')) return linkTo(decoded(href.slice(1)), content);
  const target = URL.canParse(href, url) ? new URL(href, url) : undefined;
  if (!target || !PROTOCOLS.has(target.protocol)) return content;
  return html`<a href=${target.href} target="_blank" rel="noreferrer">${content}</a>`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
