import { describe, expect, it } from 'vitest';
import { EventVersions } from '../../lib/config/event-versions.js';
import { Representations } from '../../lib/config/representations.js';
import { serialiseBody } from '../../lib/domain/json-body.js';
import { storedChoice } from '../../lib/domain/representation/choice.js';
import { readTemplate } from '../../lib/domain/representation/template.js';
import type { Represented } from '../../lib/domain/representation/represented.js';

const AT = Date.UTC(2026, 0, 1);
const forms = (description = 'A post went live.', source = '/webhooks'): Representations =>
  new Representations(
    { own: {}, source },
    262_144,
    { descriptionOf: () => description },
    new EventVersions([], { versionsOf: () => [], descriptions: [], hasExample: () => false }),
  );

const inForm = (choice: Parameters<typeof storedChoice>[0], data: unknown, app = forms()): Represented => {
  const { body } = serialiseBody({ id: 'evt_1', type: 'post.published', createdAt: AT, data });
  const event = { body, tenant: 'acme', eventType: 'post.published', eventVersion: null };
  return app.make({ representation: storedChoice(choice), version: null }, event, AT);
};
interface Text {
  readonly text: string;
}
/** A message of Slack or Teams, as far as it is looked at. */
interface Message {
  text: string;
  blocks: { text?: Text; fields?: Text[]; elements?: Text[] }[];
  attachments: { content: { body: { text?: string; facts?: { title: string; value: string }[] }[] } }[];
}
const parsed = ({ body }: Represented): Message => JSON.parse(body) as Message;
const LONG = '<&>😀'.repeat(5_000);
/** Characters that grow when they are escaped, steer a message, or are longer in bytes than they look. */
const HOSTILE = [
  '&',
  '<',
  '>',
  '"',
  '\\',
  '\0',
  '\n',
  '*',
  '~',
  '|',
  '\u202e',
  'ü',
  '😀',
  '<!channel>',
  '<http://x|y>',
  'https://x/&',
];
const hostile = (text: string): Record<string, unknown> =>
  Object.fromEntries(
    Array.from({ length: 30 }, (_, n) => [
      `${n}${text.repeat(100)}`,
      n % 2 ? text.repeat(3_000) : { [text]: [text.repeat(3_000)] },
    ]),
  );
const WIDE = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`${LONG.slice(0, 200)}${n}`, LONG]));

describe('Every JSON representation', () => {
  const template = {
    template: { b: '{{data}}', a: '{{data.text}} {{data.n}}', 2: 1, 1: [true, null, '{{data.n}}'] },
  };

  it.each(['standard-webhooks', 'cloudevents', 'cloudevents-binary', 'slack', 'teams', template])(
    'is what a receiver that has parsed it writes again: %s',
    (choice) => {
      const { body } = inForm(choice, { text: 'ü "quoted" \\ \n \u2028', n: 1.5, 10: 'x', 9: { z: [] } });
      expect(JSON.stringify(JSON.parse(body))).toBe(body);
    },
  );
});

describe('CloudEvents', () => {
  it('have their attributes and the data in one text, or attributes in headers', () => {
    const attributes = {
      specversion: '1.0',
      id: 'evt_1',
      source: '/webhooks',
      type: 'post.published',
      time: '2026-01-01T00:00:00Z',
    };
    const structured = inForm('cloudevents', { post_id: 1 });
    expect(structured.contentType).toBe('application/cloudevents+json; charset=utf-8');
    expect(parsed(structured)).toEqual({
      ...attributes,
      datacontenttype: 'application/json',
      data: { post_id: 1 },
    });

    const binary = inForm('cloudevents-binary', { post_id: 1 }, forms('', 'https://acme.example/a%20b'));
    expect(binary).toEqual({
      contentType: 'application/json',
      headers: {
        'ce-specversion': '1.0',
        'ce-id': 'evt_1',
        'ce-source': 'https://acme.example/a%2520b',
        'ce-type': 'post.published',
        'ce-time': '2026-01-01T00:00:00Z',
      },
      body: '{"post_id":1}',
    });
  });
});

describe('A message for Slack', () => {
  it('says what happened, with the fields of the data, and mentions nobody', () => {
    const message = parsed(
      inForm('slack', {
        text: '<!channel> & <@U1>',
        url: 'https://example.com/?a=1&b=2',
        tags: ['a'],
        none: null,
      }),
    );
    expect(message.text).toBe('A post went live.');
    expect(message.blocks).toEqual([
      { type: 'section', text: { type: 'mrkdwn', text: '*A post went live.*', verbatim: true } },
      {
        type: 'section',
        fields: [
          { type: 'mrkdwn', text: '*text*\n&lt;!channel&gt; &amp; &lt;@U1&gt;', verbatim: true },
          { type: 'mrkdwn', text: '*url*\n<https://example.com/?a=1&amp;b=2>', verbatim: true },
          { type: 'mrkdwn', text: '*tags*\n["a"]', verbatim: true },
        ],
      },
      {
        type: 'context',
        elements: [{ type: 'mrkdwn', text: 'post.published · 2026-01-01T00:00:00Z · evt_1', verbatim: true }],
      },
    ]);
  });

  it('stays within the limits of Block Kit, whatever the data is', () => {
    const { text, blocks } = parsed(inForm('slack', WIDE, forms(LONG)));
    expect(text.length).toBeLessThanOrEqual(3_000);
    expect(blocks[0]!.text!.text.length).toBeLessThanOrEqual(3_000);
    expect(blocks[1]!.fields!.length).toBe(10);
    for (const field of blocks[1]!.fields!) expect(field.text.length).toBeLessThanOrEqual(2_000);
  });

  it.each(HOSTILE)(
    'is one that Slack takes where all is made of %j, with no mention and no link in it',
    (sign) => {
      const { text, blocks } = parsed(inForm('slack', hostile(sign), forms(sign.repeat(3_000))));
      expect(text.length).toBeLessThanOrEqual(40_000);
      expect(blocks.length).toBeLessThanOrEqual(50);
      const limits = { text: 3_000, fields: 2_000, elements: 3_000 } as const;
      const shown = blocks.flatMap((block) =>
        (['text', 'fields', 'elements'] as const).flatMap((part) => {
          const texts = [block[part] ?? []].flat().map((one) => one.text);
          expect(texts.length).toBeLessThanOrEqual(10);
          for (const one of texts) expect(one.length).toBeLessThanOrEqual(limits[part]);
          return texts;
        }),
      );
      for (const one of [text, ...shown]) {
        expect(one.trim()).not.toBe('');
        const unlinked = one.replaceAll(/<https?:\/\/[^\s<>|]+>/g, '');
        expect(unlinked.replaceAll(/&(amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
      }
    },
  );

  it.each([[[]], ['words'], [null], [{}], [5]])('is made of data that is %j', (data) => {
    expect(parsed(inForm('slack', data, forms(''))).text).toBe('Post published');
    expect(parsed(inForm('slack', data, forms(' \n'))).text).toBe('Post published');
  });
});

describe('A message for Teams', () => {
  it('is an adaptive card whose texts are no Markdown', () => {
    const message = parsed(inForm('teams', { text: '*bold* [x](http://x)' }));
    expect(message).toMatchObject({
      type: 'message',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive' }],
    });
    const { body } = message.attachments[0]!.content;
    expect(body[1]!.facts).toEqual([{ title: 'text', value: '\\*bold\\* \\[x\\](http://x)' }]);
  });

  it('has 28 KB at most, whatever the data is', () => {
    const { body } = inForm('teams', WIDE, forms(LONG));
    expect(Buffer.byteLength(body)).toBeLessThan(28_000);
    expect(body).toContain('evt');
  });

  it.each(HOSTILE)('is one that Teams takes where all is made of %j', (sign) => {
    const made = inForm('teams', hostile(sign), forms(sign.repeat(3_000)));
    expect(Buffer.byteLength(made.body)).toBeLessThan(28_000);
    const message = parsed(made);
    expect(message).toMatchObject({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          contentUrl: null,
          content: { type: 'AdaptiveCard', version: expect.stringMatching(/^1\.\d$/) },
        },
      ],
    });
    expect(message.attachments).toHaveLength(1);
    const { body } = message.attachments[0]!.content;
    for (const { text, facts = [] } of body) {
      expect(text === undefined ? facts.length : text.trim().length).toBeGreaterThan(0);
      for (const { title, value } of facts)
        expect([typeof title, typeof value]).toEqual(['string', 'string']);
    }
  });
});

describe('A template', () => {
  const filled = (template: object, data: unknown): object => parsed(inForm({ template }, data));

  it('puts texts into texts, and gives a value with its type where it stands alone', () => {
    const data = { id: 7, who: 'Ada "the" <Countess>', tags: ['a', { b: 1 }], gone: null };
    expect(
      filled(
        {
          text: 'Post {{data.id}} of {{ data.who }}: {{data.tags}}{{data.none}}{{data.gone}}',
          id: '{{data.id}}',
          first: '{{data.tags[1].b}}',
          tags: '{{data.tags}}',
          gone: '{{data.gone}}',
          type: '{{event_type}}',
          literal: '\\{{data.id}}',
          n: 1,
        },
        data,
      ),
    ).toEqual({
      text: 'Post 7 of Ada "the" <Countess>: ["a",{"b":1}]',
      id: 7,
      first: 1,
      tags: ['a', { b: 1 }],
      gone: null,
      type: 'post.published',
      literal: '{{data.id}}',
      n: 1,
    });
  });

  it('reads nothing that JSON does not have', () => {
    expect(
      filled(
        { a: '{{data.constructor}}', b: '{{data.__proto__.x}}', c: '{{data.text.length}}' },
        { text: 'x' },
      ),
    ).toEqual({
      a: null,
      b: null,
      c: null,
    });
  });

  it('gives up on more than may be sent, before it is put together', () => {
    const template = { all: Array.from({ length: 200 }, () => '{{data}}') };
    expect(() => inForm({ template }, { text: 'x'.repeat(200_000) })).toThrow(/more than \d+ characters/);
  });

  it.each<[string, object]>([
    ['20 levels', JSON.parse(`${'{"a":'.repeat(20)}"{{id}}"${'}'.repeat(20)}`) as object],
    ['16,384 characters', { a: `{{id}}${'x'.repeat(16_384 - 14)}` }],
    ['200 placeholders', { a: '{{id}}'.repeat(200) }],
    ['a placeholder of 20 fields', { a: `{{id}} {{data${'.a'.repeat(19)}}}` }],
  ])('may have %s', (_, template) => {
    expect(readTemplate(template).problems).toEqual([]);
    expect(JSON.stringify(filled(template, {}))).toContain('evt_1');
  });

  it.each<[string, object, string]>([
    ['a placeholder that does not end', { text: '{{data.x' }, '.text'],
    ['one that is no path', { a: [{ b: 'x {{data. x}}' }] }, '.a[0].b'],
    ['one that is empty', { a: '{{}}' }, '.a'],
    ['one with logic', { a: '{{data.x | upper}}' }, '.a'],
    ['one in a name', { '{{data.x}}': 1 }, '.{{data.x}}'],
    ['a name that receivers refuse', JSON.parse('{"__proto__":{"x":1}}') as object, '.__proto__'],
    ['too many characters', { a: 'x'.repeat(16_384 - 7) }, ''],
    ['too many placeholders', { a: '{{id}}'.repeat(201) }, ''],
    [
      'too many levels',
      JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`) as object,
      '.a'.repeat(20),
    ],
  ])('is refused for %s, with its place', (_, template, at) => {
    expect(readTemplate(template).problems.map((one) => one.at)).toContain(at);
  });
});
