import { defineConfig } from 'vitepress';
import { searchOptions } from './search.mjs';

const REPOSITORY = 'https://github.com/nestjs-webhooks/nestjs-webhooks';

const page = (text: string, name: string) => ({ text, link: `/${name.replace(/index$/, '')}` });

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
    search: { provider: 'local', options: { miniSearch: { searchOptions } } },
    outline: [2, 3],
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    editLink: { pattern: `${REPOSITORY}/edit/main/docs/:path` },
    sidebar: [
      {
        text: 'Tutorial',
        items: [page('From nest new to production', 'tutorial/index')],
      },
      {
        text: 'How to',
        items: [
          page('Use it in an existing app', 'how-to/existing-app'),
          page('Apps without TypeORM', 'how-to/other-data-layers'),
          page('Emit events', 'how-to/events'),
          page('Keep customers’ code working', 'how-to/catalogue-check'),
          page('Change the data of an event', 'how-to/versions'),
          page('Test', 'how-to/testing'),
        ],
      },
      {
        text: 'How to: customers',
        items: [
          page('Show the dashboard', 'how-to/dashboard'),
          page('Write the guide for your customers', 'how-to/guide'),
          page('Verify signatures', 'how-to/verifying-signatures'),
          page('Publish OpenAPI and AsyncAPI', 'how-to/documents'),
          page('Choose how requests are signed', 'how-to/signing'),
          page('Choose the form of a body', 'how-to/representations'),
          page('Receivers that ask who sends', 'how-to/authorisation'),
          page('Move here from elsewhere', 'how-to/moving-here'),
        ],
      },
      {
        text: 'How to: operation',
        items: [
          page('When something is wrong', 'how-to/troubleshooting'),
          page('Choose how workers are woken', 'how-to/queues'),
          page('Send from a script or cron', 'how-to/without-a-worker'),
          page('Encrypt secrets, change the key', 'how-to/encryption-keys'),
          page('Send through a proxy', 'how-to/proxy'),
          page('Monitor', 'how-to/monitoring'),
          page('Operate', 'how-to/operator'),
          page('What operators do', 'how-to/operator-acts'),
          page('Find out who did what', 'how-to/audit'),
          page('Stop a process', 'how-to/shutdown'),
        ],
      },
      {
        text: 'Reference',
        items: [
          page('Options', 'reference/options'),
          page('Events', 'reference/events'),
          page('REST API', 'reference/rest-api'),
          page('Operators’ routes', 'reference/operator'),
          page('The command line', 'reference/command-line'),
          page('Delivery', 'reference/delivery'),
          page('Lifecycle events', 'reference/lifecycle-events'),
          page('Signature schemes', 'reference/signature-schemes'),
          page('Parts of the guide', 'reference/guide'),
          page('What the dashboard shows', 'reference/dashboard'),
          page('Documents: OpenAPI, AsyncAPI', 'reference/documents'),
          page('Entries of the audit log', 'reference/audit'),
          page('Metrics and channels', 'reference/telemetry'),
          page('Checks at the start', 'reference/start-checks'),
          page('Network', 'reference/network'),
          page('TypeScript: the module', 'reference/api/nestjs-webhooks/'),
          page('TypeScript: receiver', 'reference/api/nestjs-webhooks/receiver/'),
          page('TypeScript: testing', 'reference/api/nestjs-webhooks/testing/'),
          page('TypeScript: moving', 'reference/api/nestjs-webhooks/moving/'),
          page('TypeScript: transactions', 'reference/api/nestjs-webhooks/transactions/'),
        ],
      },
      {
        text: 'Explanation',
        items: [
          page('Architecture', 'explanation/architecture'),
          page('Who is sent first', 'explanation/scheduling'),
          page('Reliability', 'explanation/reliability'),
          page('Security', 'explanation/security'),
          page('Performance', 'explanation/performance'),
          page('What was tried for speed', 'explanation/performance-notes'),
        ],
      },
    ],
  },
});
