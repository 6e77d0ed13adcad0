import { createHash } from 'node:crypto';

const STYLE = `
:root { color-scheme: light dark; --webhooks-background: light-dark(#ffffff, #101218); }
body { margin: 0; background: light-dark(#f6f7f9, #0b0d12); }
main { box-sizing: border-box; max-width: 76rem; margin: 0 auto; padding: clamp(1rem, 4vw, 2.5rem); }
webhooks-dashboard:not(:defined), webhooks-operator:not(:defined) { display: block; min-height: 20rem; }
h1 { margin: 0 0 1.5rem; font: 600 1.5rem/1.3 system-ui, sans-serif; color: light-dark(#14171f, #eceef3); }
noscript { font: 1rem/1.5 system-ui, sans-serif; color: light-dark(#14171f, #eceef3); }
`;

const hash = createHash('sha256').update(STYLE).digest('base64');

/** Allows only our own script and style, and requests to the app itself. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'sha256-${hash}'`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html',
].join('; ');

export const isGerman = (locale = ''): boolean => /^de\b/i.test(locale);

/** The texts of the page itself. */
const TEXTS = {
  en: 'Managing webhooks on this page needs JavaScript.',
  de: 'Um auf dieser Seite Webhooks zu verwalten, brauchen Sie JavaScript.',
};

interface ElementPage {
  readonly element: 'webhooks-dashboard' | 'webhooks-operator';
  /** URLs of the scripts, relative to the page. */
  readonly scripts: readonly string[];
  /**
   * A valid BCP 47 tag: it is written into the page unescaped. `undefined`: the element uses the browser's language.
   */
  readonly locale: string | undefined;
}

/**
 * Every URL is relative, so the page works under a global prefix, a version, and a proxy that strips a path. The
 * whole page is in German for readers who prefer it, and in English for the others.
 */
export function elementPage({ element, scripts, locale }: ElementPage): string {
  const language = isGerman(locale) ? 'de' : 'en';
  return `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Webhooks</title>
    <style>${STYLE}</style>
    ${scripts.map((script) => `<script type="module" src="${script}"></script>`).join('\n    ')}
  </head>
  <body>
    <main>
      <h1>Webhooks</h1>
      <${element} routing="hash"${locale ? ` locale="${locale}"` : ''}></${element}>
      <noscript>${TEXTS[language]}</noscript>
    </main>
  </body>
</html>
`;
}
