import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { searchOptions } from '../../docs/.vitepress/search.mjs';

const docs = new URL('../../docs/', import.meta.url);

/** What people on call and developers type, and the section that answers it. */
const QUESTIONS: Record<string, string> = {
  'webhook not delivered': 'how-to/troubleshooting#a-webhook-is-not-delivered',
  'customer says missing': 'how-to/troubleshooting#a-customer-says-that-an-event-is-missing',
  'signature invalid': 'how-to/troubleshooting#a-customer-says-that-the-signature-is-invalid',
  'duplicate events': 'how-to/troubleshooting#a-customer-gets-duplicate-events-or-gets-them-out-of-order',
  'queue is growing': 'how-to/troubleshooting#the-queue-is-growing-deliveries-are-late',
  'slow receiver': 'how-to/troubleshooting#timeouts-a-receiver-is-too-slow',
  'redis down': 'how-to/troubleshooting#redis-is-down',
  'disk full': 'how-to/troubleshooting#the-database-is-down-or-the-disk-is-full',
  'too many connections': 'how-to/troubleshooting#too-many-database-connections',
  'table missing after upgrade': 'how-to/troubleshooting#the-app-does-not-start',
  'localhost refused': 'how-to/troubleshooting#a-url-is-refused-such-as-localhost',
  'IP allow list': 'how-to/troubleshooting#customers-ask-for-the-ip-addresses-to-allow',
  'pod killed on deploy': 'how-to/troubleshooting#pods-are-killed-during-a-deploy',
  'stop sending to one endpoint': 'how-to/troubleshooting#stop-sending-to-one-endpoint-or-one-tenant',
  'endpoint disabled email':
    'how-to/troubleshooting#tell-customers-by-email-that-their-endpoint-was-disabled',
  'how to rotate encryption key': 'how-to/encryption-keys#set-or-change-the-key',
  'rotate webhook secret': 'how-to/verifying-signatures#rotating-a-secret',
  'delete customer data GDPR': 'how-to/operator-acts#erase',
  'change retry schedule': 'reference/delivery#retry-schedule',
  'timeout value': 'reference/options#values',
  'request timeout': 'reference/delivery#time-and-size',
  'upgrade nest 11': 'how-to/existing-app#install',
  'resend failed deliveries': 'how-to/operator-acts#work-over-many-deliveries',
  'rate limit': 'reference/delivery#rate-limits',
  'grafana dashboard': 'how-to/monitoring#a-dashboard-and-alerts',
  'who changed this webhook': 'how-to/audit#find-out-who-did-what',
};

it('the docs’ search answers operators’ questions among its first three', () => {
  const index = searchOfTheSite();
  const found = Object.keys(QUESTIONS).map(
    (question) => [question, index.search(question).slice(0, 3)] as const,
  );
  expect(
    found
      .map(([question, sections]) => [question, sections.map(({ id }) => id)] as const)
      .filter(([question, ids]) => !ids.includes(QUESTIONS[question]!)),
  ).toEqual([]);
});

/** The index that VitePress makes, by its own library, of the pages that people have written. */
function searchOfTheSite() {
  const vitepress = createRequire(createRequire(import.meta.url).resolve('vitepress'));
  const MiniSearch = vitepress('minisearch') as typeof import('minisearch').default;
  const index = new MiniSearch({ fields: ['title', 'titles', 'text'], searchOptions });
  for (const file of readdirSync(docs, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.md') && !file.startsWith('reference/api/')) index.addAll(sectionsOf(file));
  return index;
}

function sectionsOf(file: string) {
  const text = readFileSync(new URL(file, docs), 'utf8');
  const sections: { id: string; title: string; titles: string[]; text: string }[] = [];
  const parents: string[] = [];
  let inCode = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('```')) inCode = !inCode;
    const [, marks, heading] = (!inCode && /^(#+) (.*)/.exec(line)) || [];
    if (!marks || !heading) {
      const section = sections.at(-1);
      if (section) section.text += `${plain(line)}\n`;
      continue;
    }
    parents.splice(marks.length - 1, Infinity, plain(heading));
    const anchor = plain(heading)
      .toLowerCase()
      .replace(/[^\w]+/g, '-')
      .replace(/^-|-$/g, '');
    sections.push({
      id: `${file.replace('.md', '')}#${anchor}`,
      title: plain(heading),
      titles: parents.slice(0, -1),
      text: '',
    });
  }
  return sections;
}

/** As a reader sees it: a link without its address, code without its marks. */
const plain = (text: string): string => text.replace(/\]\([^)]*\)/g, ']').replace(/[`*[\]]/g, '');
