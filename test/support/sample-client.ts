export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

export type Json = Readonly<Record<string, unknown>>;

/** Calls the sample app with an API key. */
export class SampleClient {
  constructor(
    private readonly url: string,
    private readonly key?: string,
  ) {}

  async call<Body = Json>(method: string, path: string, body?: object): Promise<Answer<Body>> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(this.key ? { authorization: `Bearer ${this.key}` } : {}),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as Body };
  }

  /** @throws Error for any status other than 2xx */
  async do<Body = Json>(method: string, path: string, body?: object): Promise<Body> {
    const answer = await this.call<Body>(method, path, body);
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  async connectPlatform(username: string): Promise<string> {
    const { id } = await this.do<{ id: string }>('POST', '/api/platforms', { type: 'instagram', username });
    return id;
  }

  async publishPost(platformId: string, content = 'Hello'): Promise<string> {
    const { id } = await this.do<{ id: string }>('POST', '/api/posts', {
      platformId,
      content,
      publish: true,
    });
    return id;
  }

  async addWebhook(url: string, events = ['*']): Promise<{ id: string; secret: string }> {
    return this.do('POST', '/api/webhooks', { name: 'Customer', url, events });
  }
}
