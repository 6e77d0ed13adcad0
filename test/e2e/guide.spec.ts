import type { CanActivate } from '@nestjs/common';
import { webhooksGuide, type WebhooksModuleOptions } from 'nestjs-webhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { AccountGuard, ADAPTERS, restApp, type RestAnswer, type RestApp } from '../support/rest-app.js';
import { EVENTS } from '../support/sending-app.js';

class DenyAll implements CanActivate {
  canActivate(): boolean {
    return false;
  }
}

const HOSTILE =
  '</code></td><script>alert(1)</script><img src=x onerror=alert(1)> [a](javascript:alert(1)) "x"';

describe.each(ADAPTERS)('The guide, on %s', (adapter) => {
  let rest: RestApp | undefined;
  afterEach(async () => {
    await rest?.stop();
    rest = undefined;
  });

  const start = async (webhooks: Partial<WebhooksModuleOptions> = {}): Promise<void> => {
    rest = await restApp({ adapter, webhooks });
  };
  const get = (path: string, account?: string): Promise<RestAnswer> =>
    rest!.call('GET', `/api/webhooks/${path}`, { headers: account ? { 'x-account': account } : {} });

  it('is served as Markdown, as webhooksGuide writes it', async () => {
    await start();

    const { status, headers, text } = await get('guide.md', 'acme');

    expect([status, headers['content-type']]).toEqual([200, 'text/markdown; charset=utf-8']);
    expect(text).toBe(
      webhooksGuide({
        events: EVENTS,
        api: { public: true },
        network: { allowHttp: true, allowPrivateNetworks: true },
      }),
    );
  });

  it('is a page of its own with every heading, that runs no script and loads nothing', async () => {
    await start({ guide: { product: 'Acme & Co' } });

    const { status, headers, text } = await get('guide', 'acme');
    const markdown = (await get('guide.md', 'acme')).text;

    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-[^']+';/);
    expect(headers['content-security-policy']).not.toContain('unsafe');
    expect(text.match(/<h1/g)).toHaveLength(1);
    expect(text).toContain('<title>Acme &amp; Co - Webhook Integration Guide</title>');
    expect(text).not.toMatch(/<script|<link(?! rel="icon" href="data:,")|<iframe|\son\w+=/);
    expect(text).toContain('<h3 id="retry-logic"><a class="anchor" href="#retry-logic">Retry Logic</a></h3>');
    const headings = markdown.replaceAll(/^(`{3,})[^`\n]*\n[\s\S]*?^\1$/gm, '').match(/^#{2,4} /gm);
    expect(text.match(/<h[2-4] id=/g)).toHaveLength(headings!.length);
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of text.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  });

  it('shows texts of the app as text, in Markdown and on the page', async () => {
    const event = { group: HOSTILE, description: HOSTILE, example: { [HOSTILE]: HOSTILE } };
    await start({
      events: {
        'post.created': { ...event, schema: { properties: { [HOSTILE]: { description: HOSTILE } } } },
      },
      guide: {
        title: HOSTILE,
        parts: (all) => [...all, { name: 'mine', title: HOSTILE, level: 2, markdown: `# ${HOSTILE}` }],
      },
    });

    const { text } = await get('guide', 'acme');

    expect(text.match(/<h1/g)).toHaveLength(1);
    expect(text).not.toMatch(/<script|<img|<[^>]*\sonerror|href="javascript/i);
    expect(text.split('&lt;script&gt;alert(1)').length).toBeGreaterThan(6);
  });

  it('is texts and what they are for the dashboard, with the ids of the page, whatever the app’s parts hold', async () => {
    const markdown = `See [it](./a?b=c#d), [below](#retry-logic) and [evil](javascript:alert(1)).

![A <b>picture</b>](https://example.com/a.png) [![in a link](b.png)](https://example.com)

7. Seven

   | a | b |
   |---|---|
   | \`1\` | ${HOSTILE.replaceAll('|', '')} |

<script>alert(1)</script>

# Another *heading*

\`\`\`html
<b>
\`\`\`

\`\`\` not closed`;
    await start({
      guide: {
        parts: (all) => [
          { name: 'mine', title: 'Mine & `yours`', level: 3, markdown },
          ...all.filter(({ name }) => name !== 'verify-ruby'),
        ],
      },
    });

    const { body, headers } = await get('guide.json', 'acme');
    const page = (await get('guide', 'acme')).text;

    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(body.title).toBe('Webhook Integration Guide');
    const [mine, another, next] = body.sections;
    expect(mine).toMatchObject({
      id: 'mine--yours',
      level: 3,
      title: ['Mine & ', { tag: 'code', content: ['yours'] }],
    });
    expect(mine.content[0]).toEqual({
      tag: 'p',
      content: [
        'See ',
        { tag: 'a', href: './a?b=c#d', content: ['it'] },
        ', ',
        { tag: 'a', href: '#retry-logic', content: ['below'] },
        ' and [evil](javascript:alert(1)).',
      ],
    });
    expect(mine.content[1].content).toEqual([
      { tag: 'a', href: 'https://example.com/a.png', content: ['A <b>picture</b>'] },
      ' ',
      { tag: 'a', href: 'https://example.com', content: ['in a link'] },
    ]);
    expect(mine.content[2]).toMatchObject({ tag: 'ol', start: 7, content: [{ tag: 'li' }] });
    expect(mine.content[3]).toEqual({ tag: 'p', content: ['<script>alert(1)</script>'] });
    expect(another).toMatchObject({
      id: 'another-heading',
      level: 2,
      content: [{ tag: 'pre', content: ['<b>'] }, { tag: 'pre' }],
    });
    expect(next).toMatchObject({ id: 'overview', title: ['Overview'] });
    expect(body.sections.flatMap(({ language }: { language?: string }) => language ?? [])).toEqual([
      'node',
      'python',
      'php',
      'go',
      'java',
      'csharp',
    ]);
    for (const { id, level } of body.sections) expect(page).toContain(`<h${level} id="${id}">`);
    expect(JSON.stringify(body)).not.toMatch(/"href":"javascript/);
  });

  it('has the guards of the routes', async () => {
    await start();

    for (const path of ['guide', 'guide.md', 'guide.json']) {
      expect((await get(path)).status).toBe(401);
      expect((await get(path, 'suspended')).status).toBe(403);
      expect((await get(path, 'acme')).status).toBe(200);
    }
  });

  it('is for everybody where the app says so, and has guards of its own where it gives some', async () => {
    await start({ guide: { public: true } });
    for (const path of ['guide', 'guide.md', 'guide.json']) expect((await get(path)).status).toBe(200);
    expect((await get('settings')).status).toBe(401);
    await rest!.stop();

    await start({ api: { public: true }, guide: { guards: [DenyAll] } });
    for (const path of ['guide', 'guide.md', 'guide.json'])
      expect((await get(path, 'acme')).status).toBe(403);
    expect((await get('settings')).status).toBe(200);
    await rest!.stop();

    await start({ guide: { guards: [AccountGuard] } });
    expect([(await get('guide')).status, (await get('guide', 'acme')).status]).toEqual([401, 200]);
  });

  it('is not there with guide: false', async () => {
    await start({ guide: false });

    // What is no route of ours reads as an id of a webhook.
    for (const path of ['guide', 'guide.md', 'guide.json'])
      expect((await get(path, 'acme')).status).toBe(404);
    expect((await get('settings', 'acme')).body.guide).toBe('none');
  });

  it('stops the start where parts gives what is none', async () => {
    await expect(start({ guide: { parts: () => [{}] as never } })).rejects.toMatchObject({
      code: 'webhooks/invalid-option',
      option: 'guide.parts[0].name',
    });
  });
});
