export interface VisitedPage {
  readonly status: number;
  readonly headers: Headers;
  /** The `Location` header of a redirect. */
  readonly location: string | null;
  readonly text: string;
}

type Fields = Readonly<Record<string, string>>;

/**
 * Acts like a browser, as far as HTTP is concerned: keeps the cookie, sends forms, and sends the headers that
 * name the requesting site.
 */
export class SampleVisitor {
  cookie = '';

  constructor(private readonly url: string) {}

  get(path: string, headers: Fields = {}): Promise<VisitedPage> {
    return this.send('GET', path, headers);
  }

  post(
    path: string,
    fields: Fields = {},
    headers: Fields = { 'sec-fetch-site': 'same-origin' },
  ): Promise<VisitedPage> {
    return this.send('POST', path, headers, new URLSearchParams(fields));
  }

  async signIn(account: string): Promise<this> {
    await this.post('/sign-in', { account, password: `demo-${account}` });
    if (this.cookie === '') throw new Error(`${account} could not sign in.`);
    return this;
  }

  async send(
    method: string,
    path: string,
    headers: Fields,
    body?: URLSearchParams | string,
  ): Promise<VisitedPage> {
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: { ...(this.cookie ? { cookie: this.cookie } : {}), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    for (const cookie of response.headers.getSetCookie()) this.keep(cookie);
    return {
      status: response.status,
      headers: response.headers,
      location: response.headers.get('location'),
      text: await response.text(),
    };
  }

  private keep(cookie: string): void {
    const [pair = ''] = cookie.split(';');
    this.cookie = pair.endsWith('=') ? '' : pair;
  }
}
