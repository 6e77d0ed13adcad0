import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookRequestView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { codeBlock } from './code-block.js';
import { copyText } from './copy-button.js';
import { icon } from './icon.js';
import { timeToTheSecond } from './time.js';
import { messageOf } from '../texts/error-texts.js';
import { rich, t } from '../texts/t.js';

/** Linux takes no argument of 128 KiB; `printf` of a shell is none of its programs. */
const LONGEST_ARGUMENT = 100_000;

/** The request as a command for a POSIX shell: the body goes out byte by byte. */
export function curlOf({ method, url, headers, body }: WebhookRequestView): string {
  const isLong = new TextEncoder().encode(body).length > LONGEST_ARGUMENT;
  const lines = [
    // A URL of its own may have brackets, which curl would take for a pattern.
    `curl -i --globoff -X ${method} ${quoted(url)}`,
    // `name:` alone would leave the header out.
    ...Object.entries(headers).map(
      ([name, value]) => `-H ${quoted(value ? `${name}: ${value}` : `${name};`)}`,
    ),
    isLong ? '--data-binary @-' : `--data-raw ${quoted(body)}`,
  ];
  return `${isLong ? `printf %s ${quoted(body)} | ` : ''}${lines.join(' \\\n  ')}`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Copies a delivery's next request as a command, signed at the click, and shows it: the signature does not last. */
export class CurlView extends DashboardView {
  static override properties = {
    ...super.properties,
    deliveryId: { attribute: false },
    request: { state: true },
    copied: { state: true },
    error: { state: true },
  };
  declare deliveryId: string;
  declare private request: WebhookRequestView | undefined;
  declare private copied: boolean;
  declare private error: unknown;

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (!changed.has('deliveryId')) return;
    this.request = this.error = undefined;
    this.copied = false;
  }

  protected override render(): TemplateResult {
    const { request, copied, error } = this;
    return html`<button type="button" class="button small" @click=${this.sign}>
        ${icon(copied ? 'check' : 'copy', 14)} ${t('curl.copy')}
      </button>
      <div class="curl" role="status">
        ${
          request
            ? html`<p class="small muted">
                ${rich(copied ? 'curl.copied' : 'curl.signed', { time: timeToTheSecond(request.signedAt) })}
              </p>`
            : nothing
        }
        ${error ? html`<p class="problem">${messageOf(error)}</p>` : nothing}
      </div>
      ${request ? codeBlock(curlOf(request), { label: t('curl.command'), copyLabel: t('curl.copy-command') }) : nothing}`;
  }

  private readonly sign = async (): Promise<void> => {
    const { deliveryId } = this;
    try {
      const request = await this.context.api.signedRequest(deliveryId);
      const copied = await copyText(curlOf(request), this);
      if (deliveryId !== this.deliveryId) return;
      this.request = request;
      this.copied = copied;
      this.error = undefined;
    } catch (error) {
      this.error = error;
    }
  };
}
