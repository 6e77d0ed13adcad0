import { describe, expect, it } from 'vitest';
import { html } from '../../sample-app/pages/html.js';
import { localPath } from '../../sample-app/pages/page.js';

describe('The html template of the sample app', () => {
  it('puts what is interpolated in as text', () => {
    const name = `<img src=x onerror="alert('1')">&amp;`;
    expect(html`<p title="${name}">${name}</p>`.toString()).toBe(
      '<p title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;">' +
        '&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;</p>',
    );
  });

  it('takes templates in templates, and lists of them, as they are', () => {
    const items = ['<a>', 'b'].map((item) => html`<b>${item}</b>`);
    expect(html`<i>${items}</i>`.toString()).toBe('<i><b>&lt;a&gt;</b><b>b</b></i>');
  });

  it('leaves nothing behind of what is not there, and keeps zero', () => {
    expect(html`${undefined}${null}${false}${''}${[]}${0}`.toString()).toBe('0');
  });

  it('escapes an object that only looks like markup', () => {
    const forged = JSON.parse('["<b>", {"markup": "<b>"}]') as string[];
    expect(() => html`${forged}`.toString()).toThrow(TypeError);
    expect(html`${[forged[0]]}`.toString()).toBe('&lt;b&gt;');
  });
});

describe('Where the sample app sends people after they have signed in', () => {
  it.each(['/', '/posts', '/posts?before=post_1', '/integrations/api-keys#keys', '/a//b'])(
    'is %s',
    (path) => {
      expect(localPath(path)).toBe(path);
    },
  );

  it.each([
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    'posts',
    '',
    ' /posts',
    '/posts\r\nset-cookie: a=b',
    ['/posts'],
    undefined,
  ])('is the overview instead of %j', (path) => {
    expect(localPath(path)).toBe('/');
  });
});
