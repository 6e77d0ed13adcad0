import { readFileSync } from 'node:fs';
import { IsIn, IsInt, IsOptional, IsString, Max, Min } from 'class-validator';
import {
  InvalidWebhooksOptionError,
  webhooksGuide,
  type WebhooksGuideOptions,
  type WebhooksModuleOptions,
} from 'nestjs-webhooks';
import { describe, expect, it } from 'vitest';

class OrderPaid {
  @IsString()
  order_id!: string;

  @IsInt()
  @Min(1)
  @Max(100)
  items!: number;

  @IsOptional()
  @IsIn(['card', 'cash|cheque'])
  method!: string | null;
}

const OPTIONS: WebhooksModuleOptions = {
  events: {
    'order.paid': {
      group: 'Orders',
      description: 'An order was paid.',
      payload: OrderPaid,
      example: { order_id: 'ord_1', items: 3, method: 'card' },
    },
    'order_line.added': {},
  },
  api: { public: true },
};

const guideOf = (options: Partial<WebhooksModuleOptions> = {}): string =>
  webhooksGuide({ ...OPTIONS, ...options });
const withGuide = (guide: WebhooksGuideOptions): string => guideOf({ guide });

/** What stands below a heading, up to the next one. */
const below = (guide: string, heading: string): string => {
  const lines = guide.split('\n');
  const start = lines.findIndex((line) => line.replace(/^#+ /, '') === heading && line.startsWith('#'));
  expect([heading, start >= 0]).toEqual([heading, true]);
  const end = lines.findIndex((line, index) => index > start && /^#{1,4} /.test(line));
  return lines
    .slice(start + 1, end < 0 ? undefined : end)
    .join('\n')
    .trim();
};

const headingsOf = (guide: string): string[] =>
  guide
    .replaceAll(/^(`{3,})[^`\n]*\n[\s\S]*?^\1$/gm, '')
    .split('\n')
    .filter((line) => /^#{1,2} /.test(line));

const failureOf = (work: () => unknown): InvalidWebhooksOptionError => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidWebhooksOptionError);
    return error as InvalidWebhooksOptionError;
  }
  throw new Error('It was accepted.');
};

describe('The customers’ guide', () => {
  it('is made from the options that forRoot gets, with no app and no database', () => {
    expect(headingsOf(guideOf())).toEqual([
      '# Webhook Integration Guide',
      '## Overview',
      '## Getting Started with Webhooks',
      '## Managing Webhooks',
      '## Webhook Events',
      '## Webhook Payloads',
      '## Security Considerations',
      '## Best Practices',
      '## Sample Implementations',
    ]);
  });

  it('names the product in its title and its sentences, and links to the API reference', () => {
    const guide = withGuide({ title: 'Webhooks', product: 'Acme', apiReference: './openapi.json' });

    expect(guide).toMatch(/^# Acme - Webhooks\n/);
    expect(guide).toContain('Acme supports the following webhook events:');
    expect(guide).toContain('// Your webhook secret from the Acme dashboard');
    expect(below(guide, 'API Reference')).toContain('[API Documentation](./openapi.json)');
  });

  it('lists event types by group, with their descriptions', () => {
    expect(below(guideOf(), 'Orders Events')).toBe('- `order.paid`: An order was paid.');
    expect(below(guideOf(), 'Order Line Events')).toBe('- `order_line.added`');
  });

  it('shows the example of each type in its envelope, and what each field is', () => {
    const type = below(guideOf(), 'Order Paid');

    expect(JSON.parse(/```json\n([\s\S]*?)\n```/.exec(type)![1]!)).toEqual({
      id: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
      event_type: 'order.paid',
      created_at: '2026-01-01T00:01:00Z',
      data: { order_id: 'ord_1', items: 3, method: 'card' },
    });
    expect(type).toContain('| `order_id` | string |  |');
    expect(type).toContain('| `items` | integer | 1 to 100. |');
    expect(type).toContain('| `method` | string, optional | One of `card`, `cash\\|cheque`. |');
    expect(below(guideOf(), 'Order Line Added')).toContain('"data": {}');
  });

  it('tells the schedule of the options in words', () => {
    const retries = (schedule: NonNullable<WebhooksModuleOptions['retry']>['schedule']): string =>
      below(guideOf({ retry: { schedule } }), 'Retry Logic');

    expect(below(guideOf(), 'Retry Logic')).toContain(
      [
        '- First retry: 5 minutes after initial attempt',
        '- Second retry: 15 minutes after initial attempt',
        '- Third retry: 30 minutes after initial attempt',
        '- Fourth retry: 1 hour after initial attempt',
        '- Fifth retry: 2 hours after initial attempt',
        '',
        'After 5 failed attempts, the webhook will be marked as failed',
      ].join('\n'),
    );
    expect(retries(['1500ms', '90s', '36h'])).toMatch(
      /: 1 second 500 milliseconds after.*\n.*: 1 minute 30 seconds after.*\n.*: 1 day 12 hours after/,
    );
    expect(retries((made) => (made === 1 ? '1d' : null))).toMatch(
      /First retry: 1 day after.*\n\nAfter 1 failed attempt, .* That is the retry above: with the initial attempt there are 2 in all/,
    );
    expect(retries([])).toMatch(/marked as failed\. Our app won't retry it\.$/);
    const many = Array.from({ length: 13 }, (_, index) => (index + 1) * 60_000);
    expect(retries(many)).toContain('- 11th retry: 11 minutes after');
    const more = Array.from({ length: 300 }, (_, index) => (index + 1) * 60_000);
    expect(retries(more)).toContain(
      '- Tenth retry: 10 minutes after initial attempt\n- 290 more, the last one 5 hours after initial attempt',
    );
  });

  it('says what the other options say', () => {
    const guide = guideOf({
      signature: { header: 'X-Acme-Signature', rotation: 'new', overlap: '90m' },
      delivery: { timeout: '5s' },
      disableAfter: false,
      retention: '1d',
      limits: { bodyBytes: 1_000_000 },
    });

    expect(guide).not.toContain('x-webhook-signature');
    expect(below(guide, 'Signature Verification')).toContain("req.headers['x-acme-signature']");
    expect(below(guide, 'Rotating a Secret')).toMatch(
      /valid for 1 hour 30 minutes.*\n.*\n.*\n.*new secret from the start/,
    );
    expect(below(guide, 'Your Response')).toContain('None within 5 seconds');
    expect(below(guide, 'Automatic Disabling')).toBe(
      'A webhook is turned off when your endpoint answers 410. Once your endpoint works again, set the webhook to "Active". ' +
        'You can then recover the events that it has missed. We keep them for 1 day.',
    );
    expect(below(guide, 'Payload Structure')).toContain('of at most 1000000 bytes');
    expect(guide).not.toMatch(/300kb|300<<10/);
    expect(guide).toContain("limit: '1000kb'");
    expect(guide).toContain('1000<<10');
  });

  it('tells how to manage webhooks in the dashboard, by the routes, or leaves it to the app', () => {
    expect(below(guideOf(), 'Creating a Webhook')).toContain('Click "Add webhook"');
    expect(below(guideOf({ dashboard: false }), 'Creating a Webhook')).toContain('Send a `POST` request');
    expect(headingsOf(guideOf({ api: false }))).not.toContain('## Managing Webhooks');
  });

  it('lets texts of the app change nothing around them', () => {
    const hostile = '# x\n\n```\n<script>alert(1)</script> [a](javascript:alert(1)) | *b* `c` & \\ _d_';
    const guide = webhooksGuide({
      ...OPTIONS,
      events: {
        'order.paid': {
          group: hostile,
          description: hostile,
          schema: { properties: { 'a`|b': { type: 'string', description: hostile } } },
          example: { 'a```': '\n```\n# x', text: hostile },
        },
      },
      guide: { product: '*Acme* <b>' },
    });

    // Each heading is ours, and each fence has its end.
    expect(headingsOf(guide)).toEqual(
      headingsOf(guideOf()).map((line) => line.replace(/^# (.*)/, '# \\*Acme\\* \\<b\\> - $1')),
    );
    expect(guide).toContain(
      '- `order.paid`: \\# x \\`\\`\\` \\<script\\>alert(1)\\</script\\> \\[a\\](javascript:alert(1)) \\| \\*b\\* \\`c\\` \\& \\\\ \\_d\\_',
    );
    expect(below(guide, 'Order Paid')).toContain('| ``a`\\|b`` | string, optional | \\# x');
    expect(below(guide, 'Order Paid')).toMatch(/^````json\n[\s\S]*\n````\n/);
  });
});

describe('The parts of the guide', () => {
  it('can be replaced, added, left out and ordered by their names', () => {
    const guide = withGuide({
      parts: (defaults) => [
        { name: 'support', title: 'Support', level: 2, markdown: 'Write to us.' },
        ...defaults
          .filter(({ name }) => name !== 'security')
          .map((part) => (part.name === 'overview' ? { ...part, markdown: 'Hello.' } : part)),
      ],
    });

    const headings = headingsOf(guide);
    expect(headings.slice(0, 3)).toEqual(['# Webhook Integration Guide', '## Support', '## Overview']);
    expect(headings).not.toContain('## Security Considerations');
    expect(below(guide, 'Support')).toBe('Write to us.');
    expect(below(guide, 'Overview')).toBe('Hello.');
  });

  it('have the names that docs/reference/guide.md lists', () => {
    const docs = readFileSync(new URL('../../docs/reference/guide.md', import.meta.url), 'utf8');
    let names: string[] = [];
    withGuide({ apiReference: '/api', parts: (all) => ((names = all.map(({ name }) => name)), all) });

    const [, listed] = docs.split('\n## Parts\n');
    const rows = [...listed!.split('\n## ')[0]!.matchAll(/^\| `([\w-]+)`/gm)].map(([, name]) => name);
    expect(rows).toEqual(names);
  });

  it.each([
    ['guide.parts', () => 'x', 'must give a list of parts, got string'],
    [
      'guide.parts',
      async () => Promise.reject(new Error('x')),
      'must give a list of parts, got a promise. It can’t be async',
    ],
    ['guide.parts[0]', () => [null], 'must be a part { name, title, level, markdown }, got null'],
    ['guide.parts[0].name', () => [{}], 'must be a text, got undefined'],
    ['guide.parts[0].level', () => [{ name: 'a', title: 'A', level: 1, markdown: '' }], "got 1 for 'a'"],
    ['guide.parts[0].title', () => [{ name: 'a', title: '', level: 2, markdown: '' }], 'of one line'],
    ['guide.parts[0].title', () => [{ name: 'a', title: 'A\n# B', level: 2, markdown: '' }], 'of one line'],
    ['guide.parts[0].markdown', () => [{ name: 'a', title: 'A', level: 2 }], "got undefined for 'a'"],
    [
      'guide.parts[1].name',
      () => Array.from({ length: 2 }, () => ({ name: 'a', title: 'A', level: 2, markdown: '' })),
      "is 'a', which another part has too",
    ],
  ])('that are none are refused: %s', (option, parts, problem) => {
    const error = failureOf(() => withGuide({ parts: parts as never }));
    expect([error.option, error.code]).toEqual([option, 'webhooks/invalid-option']);
    expect(error.message.replaceAll("'t", '’t')).toContain(problem);
  });
});

describe('An option of the guide that can’t work is refused', () => {
  it.each([
    ['guide', { guide: true }, 'must be an object, or false for no guide, got boolean'],
    ['guide', { guide: false }, 'is false: there is no guide to be written'],
    ['guide.titel', { guide: { titel: 'x' } }, 'Did you mean title?'],
    ['guide.title', { guide: { title: 'a\nb' } }, 'must be a text of one line'],
    ['guide.product', { guide: { product: '' } }, 'must be a text of one line'],
    ['guide.apiReference', { guide: { apiReference: 'a b' } }, 'must be a URL without spaces'],
    ['guide.parts', { guide: { parts: [] } }, 'must be a function'],
    ['guide.public', { guide: { public: 'true' } }, 'must be true or false'],
    ['guide.public', { guide: { public: true, guards: [class Guard {}] } }, 'Leave one of them out'],
    ['guide.guards', { guide: { guards: [] } }, 'write public: true'],
    ['guide.guards[0]', { guide: { guards: ['x'] } }, 'must be a guard'],
  ])('%s', (option, options, problem) => {
    const error = failureOf(() => guideOf(options as never));
    expect(error.option).toBe(option);
    expect(error.message).toContain(problem);
  });
});
