import { readFileSync } from 'node:fs';
import { webhooksGuide } from 'nestjs-webhooks';
import { describe, expect, it } from 'vitest';
import { snippets } from '../../lib/dashboard/element/parts/snippets.js';
import { codeBelow } from '../support/guide-text.js';
import { snippetUnder } from '../support/snippet-folder.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const guide = webhooksGuide({ events: { 'post.published': {} }, api: { public: true } });

/** Under other headings than in the guide. */
const ON_THE_PAGE: Readonly<Record<string, string>> = {
  'Node.js': 'Node.js with Express, Standard Webhooks',
};
const FENCES: Readonly<Record<string, string>> = { 'Node.js': 'js' };

/** How it is called stands in comments. */
const withoutCalls = (code: string): string =>
  code
    .split('\n')
    .filter((line) => !/^(#|\/\/) /.test(line))
    .join('\n');

describe('The code that verifies signatures is the same', () => {
  it.each(['Node.js', 'Python', 'Ruby', 'PHP', 'Go', 'Java', 'C#'])(
    'in the guide and on the page about signatures, where it is run: %s',
    (label) => {
      const page = read('docs/verifying-signatures.md');
      expect(codeBelow(guide, label)).toBe(snippetUnder(page, ON_THE_PAGE[label] ?? label));
    },
  );

  it.each(snippets('x-webhook-signature'))(
    'in the dashboard and in the README: $label',
    ({ label, code }) => {
      const fence = FENCES[label] ?? label.toLowerCase();
      expect(read('README.md')).toContain(`\n\`\`\`${fence}\n${withoutCalls(code)}\`\`\`\n`);
    },
  );
});
