import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';

const docs = new URL('../../docs/', import.meta.url);

const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.md') && file !== 'index.md' && !file.startsWith('reference/api/'),
);

it('the docs’ site has each page in its sidebar', () => {
  const config = readFileSync(new URL('.vitepress/config.mts', docs), 'utf8');
  expect(pages.filter((file) => !config.includes(`'${file.replace('.md', '')}'`))).toEqual([]);
});

it('each page of the docs is of one kind', () => {
  expect(pages.filter((file) => !/^(tutorial|how-to|reference|explanation)\/[\w-]+\.md$/.test(file))).toEqual(
    [],
  );
});
