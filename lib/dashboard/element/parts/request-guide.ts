import { html, type TemplateResult } from 'lit';
import type { WebhookSettingsView } from '../api/api-types.js';
import { ENVELOPE } from '../../../reference/envelope.js';
import { definitionTable, type Definition } from './definition-table.js';
import { duration } from './time.js';

const SHOWN_RETRIES = 8;

/** What a receiver has to know before the first event: how a request looks, and what an answer does. */
export const requestGuide = (settings: WebhookSettingsView): TemplateResult =>
  html`<p>
      Each event comes as a <code>POST</code> request with a JSON body to the URL of your webhook. Check its
      signature, store it, answer, and work on it afterwards.
    </p>
    <div class="type-parts">
      <div>
        <h4>Headers</h4>
        ${definitionTable('Headers of a request', headers(settings))}
        <h4>More than once, in any order</h4>
        <p class="small">
          The same event may come twice: <code>webhook-id</code> tells that you have it. Events may come in
          another order than they happened: compare <code>created_at</code>.
        </p>
      </div>
      <div>
        <h4>Body</h4>
        ${definitionTable('Fields of the body', ENVELOPE)}
        <h4>Your answer</h4>
        <dl class="facts guide-facts small">
          ${answers(settings).map(
            ([name, text]) =>
              html`<dt>${name}</dt>
                <dd>${text}</dd>`,
          )}
        </dl>
      </div>
    </div>`;

const headers = ({ signatureHeader, signatureHeaders }: WebhookSettingsView): readonly Definition[] => [
  {
    name: 'webhook-id',
    text: 'The id of the event. The same in every attempt. Of two events, the one with the greater id is newer.',
  },
  ...STANDARD.filter(({ name }) => signatureHeaders.some((one) => one.name === name)),
  ...signatureHeaders
    .filter(({ name }) => !name.startsWith('webhook-'))
    .map(({ name, description }) => ({ name, text: name === signatureHeader ? HEX : inline(description) })),
  { name: 'x-webhook-attempt', text: html`<code>1</code> for the first attempt, and so on.` },
  { name: 'content-type', text: html`<code>application/json</code>` },
];

const STANDARD: readonly Definition[] = [
  {
    name: 'webhook-timestamp',
    text: 'When this attempt was made, in seconds since 1970. Refuse what is older than 5 minutes.',
  },
  {
    name: 'webhook-signature',
    text: html`<code>v1,</code> and the HMAC-SHA256 of <code>id.timestamp.body</code> in base64, as
      <a href="https://www.standardwebhooks.com" target="_blank" rel="noreferrer">Standard Webhooks</a> says.
      While a secret is rotated, two of them with a space between.`,
  },
];

const HEX = 'The HMAC-SHA256 of the body in hex. Checking one of the signatures is enough.';

/** Markdown of one line: what stands between backticks is code. */
const inline = (markdown: string): unknown[] =>
  markdown.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));

const answers = (settings: WebhookSettingsView): readonly (readonly [string, unknown])[] => [
  ['Time', `${duration(settings.timeoutMs)} for the whole request.`],
  ['2xx', 'You have it. Any other status is a failure, a redirect too.'],
  ['Failure', retries(settings.retryOffsetsMs)],
  ['429, 503', html`With a <code>retry-after</code> header, the next attempt waits for that long.`],
  ['410', 'You want no more: the webhook is turned off.'],
  ...(settings.disableAfterMs === null
    ? []
    : [['Turned off', `Also after ${duration(settings.disableAfterMs)} of nothing but failures.`] as const]),
];

/** `It is sent again 5 min, 15 min and 1 h after the first attempt, …`: the offsets count from that, not from each other. */
export function retries(offsetsMs: readonly number[]): string {
  if (offsetsMs.length === 0) return 'It is not sent again by itself. You can resend it.';
  const shown = offsetsMs.slice(0, SHOWN_RETRIES).map(unbroken);
  const more = offsetsMs.length - shown.length;
  const times =
    more > 0
      ? `${shown.join(', ')} and ${more} times more, at last ${unbroken(offsetsMs.at(-1)!)}`
      : new Intl.ListFormat('en-GB').format(shown);
  return `It is sent again ${times} after the first attempt, until it succeeds.`;
}

const unbroken = (ms: number): string => duration(ms).replace(' ', '\u00a0');
