import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FrontPage {
  readonly html: string;
  readonly policy?: string;
}

/**
 * A server in front of an app. It has pages of its own, and forwards requests below `prefix`, without the
 * prefix.
 */
export class FrontServer {
  readonly pages = new Map<string, FrontPage>();
  /** The requests that were forwarded, with their original paths. */
  readonly handedOn: { readonly path: string; readonly headers: IncomingMessage['headers'] }[] = [];

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    readonly url: string,
  ) {}

  static async start(appUrl: string, prefix: string): Promise<FrontServer> {
    const server = createServer((request, response) => front.handle(request, response, appUrl, prefix));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const front: FrontServer = new FrontServer(
      server,
      `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    );
    return front;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private handle(request: IncomingMessage, response: ServerResponse, appUrl: string, prefix: string): void {
    const path = request.url ?? '/';
    const page = this.pages.get(path.split('?', 1)[0]!);
    if (page) {
      const policy = page.policy ? { 'content-security-policy': page.policy } : {};
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...policy }).end(page.html);
    } else if (path.startsWith(`${prefix}/`)) {
      this.handedOn.push({ path, headers: request.headers });
      const target = new URL(path.slice(prefix.length), appUrl);
      const handed = httpRequest(target, { method: request.method, headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      handed.on('error', () => response.writeHead(502).end());
      request.pipe(handed);
    } else {
      response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
    }
  }
}
