import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';

const docs = new URL('../../docs/', import.meta.url);

it('the docs’ site has each page in its sidebar', () => {
  const config = readFileSync(new URL('.vitepress/config.mts', docs), 'utf8');
  const missing = readdirSync(docs, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && file !== 'index.md' && !file.startsWith('reference/api/'))
    .filter((file) => !config.includes(`'${file.replace('.md', '')}'`));
  expect(missing).toEqual([]);
});
