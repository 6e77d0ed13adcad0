import { defineConfig } from 'vitepress';

const REPOSITORY = 'https://github.com/nestjs-webhooks/nestjs-webhooks';

const page = (text: string, name: string) => ({ text, link: `/${name}` });

export default defineConfig({
  title: 'nestjs-webhooks',
  description: 'Send webhooks from a NestJS app: signed, retried, logged.',
  lang: 'en',
  base: process.env.DOCS_BASE ?? '/',
  cleanUrls: true,
  markdown: {
    // Pages are text: Vue would run what stands between two braces.
    config: ({ renderer: { rules } }) => {
      const { code_inline: code, text } = rules;
      rules.code_inline = (...args) => code!(...args).replace('<code', '<code v-pre');
      rules.text = (...args) => text!(...args).replaceAll('{{', '&#123;&#123;');
    },
  },
  outDir: '../.site',
  cacheDir: '../node_modules/.cache/vitepress',
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    editLink: { pattern: `${REPOSITORY}/edit/main/docs/:path` },
    sidebar: [
      {
        text: 'How to',
        items: [
          page('Use it in an existing app', 'existing-app'),
          page('Apps without TypeORM', 'other-data-layers'),
          page('The dashboard', 'dashboard'),
          page('The guide for your customers', 'guide'),
          page('OpenAPI, AsyncAPI, JSON Schema', 'documents'),
          page('Verify signatures', 'verifying-signatures'),
          page('Choose how requests are signed', 'signing'),
          page('Choose the form of a body', 'representations'),
          page('Move here from elsewhere', 'moving-here'),
          page('Move here', 'moving-here'),
          page('Test', 'testing'),
          page('Monitor', 'monitoring'),
        ],
      },
      {
        text: 'Reference',
        items: [
          page('Options', 'options'),
          page('Events', 'events'),
          page('REST API', 'rest-api'),
          page('TypeScript: the module', 'api/nestjs-webhooks/'),
          page('TypeScript: receiver', 'api/nestjs-webhooks/receiver/'),
          page('TypeScript: testing', 'api/nestjs-webhooks/testing/'),
          page('TypeScript: moving', 'api/nestjs-webhooks/moving/'),
          page('TypeScript: transactions', 'api/nestjs-webhooks/transactions/'),
        ],
      },
      {
        text: 'Explanation',
        items: [
          page('Architecture', 'architecture'),
          page('Delivery', 'delivery'),
          page('Reliability', 'reliability'),
          page('Network', 'network'),
          page('Security', 'security'),
          page('Performance', 'performance'),
          page('What was tried for speed', 'performance-notes'),
        ],
      },
    ],
  },
});
