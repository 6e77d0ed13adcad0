import { StreamableFile, Get, Inject, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { elementScript } from './element-script.js';

interface ScriptRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The script of `<webhooks-dashboard>`: the same for everybody, so it has none of the app's guards. */
export class DashboardElementController {
  constructor(@Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost) {}

  @Get('element.js')
  script(@Req() { headers }: ScriptRequest, @Res() response: object): void {
    const { httpAdapter } = this.adapterHost;
    const { etag, plain, gzipped } = elementScript();
    const set = (name: string, value: string): void => httpAdapter.setHeader(response, name, value);
    // Asked for again each time, and answered with 304: an update of the package is seen at once.
    set('cache-control', 'no-cache');
    set('content-type', 'text/javascript; charset=utf-8');
    set('etag', etag);
    set('vary', 'accept-encoding');
    set('x-content-type-options', 'nosniff');
    if (headers['if-none-match'] === etag) return void httpAdapter.reply(response, null, 304);
    const compressed = /\bgzip\b/.test(headers['accept-encoding'] ?? '');
    if (compressed) set('content-encoding', 'gzip');
    const body = compressed ? gzipped : plain;
    httpAdapter.reply(response, new StreamableFile(body, { length: body.length }), 200);
  }
}
