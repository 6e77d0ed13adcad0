import { createHash } from 'node:crypto';
import { partMarkdown, type GuideDocument } from './guide-document.js';

const STYLE = `
:root { color-scheme: light dark; --text: light-dark(#14171f, #eceef3); --muted: light-dark(#545b6b, #a4abbb);
  --line: light-dark(#dfe2e8, #2b303b); --code: light-dark(#f2f4f7, #171b23); --link: light-dark(#2450d6, #8fb0ff); }
body { margin: 0; background: light-dark(#fff, #0e1117); color: var(--text); font: 1rem/1.6 system-ui, sans-serif; }
main { box-sizing: border-box; max-width: 52rem; margin: 0 auto; padding: clamp(1rem, 4vw, 3rem); overflow-wrap: break-word; }
h1, h2, h3, h4 { line-height: 1.25; margin: 2.25em 0 .6em; scroll-margin-top: 1rem; }
h1 { margin-top: 0; font-size: 2rem; }
h2 { padding-bottom: .3em; border-bottom: 1px solid var(--line); }
a { color: var(--link); }
.anchor { color: inherit; text-decoration: none; }
.anchor:hover, .anchor:focus-visible { text-decoration: underline; }
nav ul { padding-left: 1.2em; columns: 16rem; color: var(--muted); }
code, pre { font: .875em/1.55 ui-monospace, Menlo, Consolas, monospace; background: var(--code); border-radius: .3em; }
code { padding: .15em .35em; }
pre { padding: 1em; overflow-x: auto; }
pre code { padding: 0; font-size: 1em; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9375em; }
th, td { padding: .45em .75em; border: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: normal; }
img { max-width: 100%; }
`;

const hash = createHash('sha256').update(STYLE).digest('base64');

/** No script at all; pictures are those that the app's parts show. */
export const GUIDE_CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${hash}'`,
  "img-src 'self' https: data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

interface Heading {
  readonly level: number;
  readonly id: string;
  readonly html: string;
}

/** The guide as a page that needs nothing but itself. HTML in Markdown is shown as text. */
export async function guidePage({ title, parts }: GuideDocument): Promise<string> {
  const headings: Heading[] = [];
  const markdown = await renderer(headings);
  const body = markdown.render(parts.map(partMarkdown).join('\n\n'));
  const sections = headings.filter(({ level }) => level === 2);
  const name = markdown.utils.escapeHtml(title);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${name}</title>
    <link rel="icon" href="data:,">
    <style>${STYLE}</style>
  </head>
  <body>
    <main>
      <h1>${name}</h1>
      <nav aria-label="Sections">
        <ul>
${sections.map(({ id, html }) => `          <li><a href="#${id}">${html}</a></li>`).join('\n')}
        </ul>
      </nav>
${body}
    </main>
  </body>
</html>
`;
}

/**
 * Loaded with the first page, since that takes 80 ms, and most processes never show one.
 * @param headings gets those that are rendered, in order
 */
async function renderer(headings: Heading[]) {
  const { default: MarkdownIt } = await import('markdown-it');
  const markdown = new MarkdownIt({ html: false });
  const { rules } = markdown.renderer;
  const ids = new Set<string>();
  rules.heading_open = (tokens, index) => {
    const token = tokens[index]!;
    const { content, children } = tokens[index + 1]!;
    // The page has its one heading of the first level.
    token.tag = tokens[index + 2]!.tag = token.tag === 'h1' ? 'h2' : token.tag;
    const id = freeId(slug(content), ids);
    const plain = (children ?? [])
      .map(({ type, content: part }) =>
        type === 'text' || type === 'code_inline' || type === 'text_special' ? part : '',
      )
      .join('');
    headings.push({ level: Number(token.tag.slice(1)), id, html: markdown.utils.escapeHtml(plain) });
    return `<${token.tag} id="${id}"><a class="anchor" href="#${id}">`;
  };
  rules.heading_close = (tokens, index) => `</a></${tokens[index]!.tag}>\n`;
  // What scrolls sideways has to be reached by the keyboard.
  for (const name of ['fence', 'code_block'] as const) {
    const rule = rules[name]!;
    rules[name] = (...given) => rule(...given).replace('<pre>', '<pre tabindex="0">');
  }
  rules.table_open = () => '<div class="scroll" tabindex="0" role="group" aria-label="Table">\n<table>\n';
  rules.table_close = () => '</table>\n</div>\n';
  return markdown;
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
