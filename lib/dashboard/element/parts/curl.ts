import { html, nothing, type TemplateResult } from 'lit';
import type { WebhookRequestView } from '../api/api-types.js';
import { DashboardView } from '../dashboard-view.js';
import { codeBlock } from './code-block.js';
import { copyText } from './copy-button.js';
import { icon } from './icon.js';
import { timeToTheSecond } from './time.js';
import { messageOf } from '../texts/error-texts.js';
import { rich, t } from '../texts/t.js';

/**
 * Linux allows no argument of 128 KiB or more to a program; the shell's `printf` is built in, so it has no such
 * limit.
 */
const LONGEST_ARGUMENT = 100_000;

/** The request as a command for a POSIX shell, with the exact bytes of the body. */
export function curlOf({ method, url, headers, body }: WebhookRequestView): string {
  const isLong = new TextEncoder().encode(body).length > LONGEST_ARGUMENT;
  const lines = [
    // The URL may contain brackets, which curl would treat as a pattern.
    `curl -i --globoff -X ${method} ${quoted(url)}`,
    // With `name:` curl would remove the header.
    ...Object.entries(headers).map(
      ([name, value]) => `-H ${quoted(value ? `${name}: ${value}` : `${name};`)}`,
    ),
    isLong ? '--data-binary @-' : `--data-raw ${quoted(body)}`,
  ];
  return `${isLong ? `printf %s ${quoted(body)} | ` : ''}${lines.join(' \\\n  ')}`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/**
 * Copies a delivery's next request as a command, and shows it. It is signed at the click, because the signature
 * expires.
 */
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
