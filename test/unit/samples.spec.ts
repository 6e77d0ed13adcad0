import { readFileSync } from 'node:fs';
import { webhooksGuide } from 'nestjs-webhooks';
import { describe, expect, it } from 'vitest';
import { codeBelow } from '../support/guide-text.js';
import { snippetUnder } from '../support/snippet-folder.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const guide = webhooksGuide({ events: { 'post.published': {} }, api: { public: true } });

/** Under other headings than in the guide. */
const ON_THE_PAGE: Readonly<Record<string, string>> = {
  'Node.js': 'Node.js with Express, Standard Webhooks',
};
describe('The code that verifies signatures is the same', () => {
  it.each(['Node.js', 'Python', 'Ruby', 'PHP', 'Go', 'Java', 'C#'])(
    'in the guide and on the page about signatures, where it is run: %s',
    (label) => {
      const page = read('docs/how-to/verifying-signatures.md');
      expect(codeBelow(guide, label)).toBe(snippetUnder(page, ON_THE_PAGE[label] ?? label));
    },
  );
});
