import { createHash } from 'node:crypto';
import type { MarkdownIt } from 'markdown-it';
import type { GuideDocument } from './guide-document.js';
import { plainText, readGuide } from './guide-tokens.js';

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

/** Allows no script at all, and the images of the app's own parts. */
export const GUIDE_CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${hash}'`,
  "img-src 'self' https: data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

/** The guide as one self-contained page. HTML in Markdown is shown as text. */
export async function guidePage(document: GuideDocument): Promise<string> {
  const { markdown, parts } = await readGuide(document);
  const { title } = document;
  const tokens = parts.flatMap((part) => part.tokens);
  const body = rendererOf(markdown).render(tokens, markdown.options, {});
  const sections = tokens.flatMap((token, index) =>
    token.type === 'heading_open' && token.tag === 'h2'
      ? [{ id: token.attrGet('id'), html: markdown.utils.escapeHtml(plainText(tokens[index + 1]!)) }]
      : [],
  );
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

function rendererOf({ renderer }: MarkdownIt): MarkdownIt['renderer'] {
  const { rules } = renderer;
  rules.heading_open = (tokens, index) => {
    const { tag } = tokens[index]!;
    const id = tokens[index]!.attrGet('id');
    return `<${tag} id="${id}"><a class="anchor" href="#${id}">`;
  };
  rules.heading_close = (tokens, index) => `</a></${tokens[index]!.tag}>\n`;
  // A block that scrolls sideways must be reachable by keyboard.
  for (const name of ['fence', 'code_block'] as const) {
    const rule = rules[name]!;
    rules[name] = (...given) => rule(...given).replace('<pre>', '<pre tabindex="0">');
  }
  rules.table_open = () => '<div class="scroll" tabindex="0" role="group" aria-label="Table">\n<table>\n';
  rules.table_close = () => '</table>\n</div>\n';
  return renderer;
}
