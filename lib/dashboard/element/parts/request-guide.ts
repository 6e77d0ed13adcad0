import { html, type TemplateResult } from 'lit';
import type { WebhookSettingsView } from '../api/api-types.js';
import { definitionTable, type Definition } from './definition-table.js';
import { duration } from './time.js';
import { enumerated, listed, rich, t } from '../texts/t.js';

const SHOWN_RETRIES = 8;

/**
 * What developers need to know before the first event: the request format, and the effects of their
 * responses.
 */
export const requestGuide = (settings: WebhookSettingsView): TemplateResult =>
  html`<p>${rich('guide.intro')}</p>
    <div class="type-parts">
      <div>
        <h4>${t('guide.headers')}</h4>
        ${definitionTable(t('guide.headers-of'), headers(settings))}
        <h4>${t('guide.twice')}</h4>
        <p class="small">${rich('guide.twice.text')}</p>
      </div>
      <div>
        <h4>${t('guide.body')}</h4>
        ${definitionTable(t('guide.body-of'), envelope())}
        <h4>${t('guide.answer')}</h4>
        <dl class="facts guide-facts small">
          ${answers(settings).map(
            ([name, text]) =>
              html`<dt>${name}</dt>
                <dd>${text}</dd>`,
          )}
        </dl>
      </div>
    </div>`;

const envelope = (): readonly Definition[] =>
  (['id', 'event_type', 'created_at', 'data'] as const).map((name) => ({
    name,
    text: t(`guide.envelope.${name}`),
  }));

const headers = ({ signatureHeader, signatureHeaders }: WebhookSettingsView): readonly Definition[] => [
  { name: 'webhook-id', text: t('guide.webhook-id') },
  ...standard().filter(({ name }) => signatureHeaders.some((one) => one.name === name)),
  ...signatureHeaders
    .filter(({ name }) => !name.startsWith('webhook-'))
    .map(({ name, description }) => ({
      name,
      text: name === signatureHeader ? t('guide.hex-signature') : inline(description),
    })),
  { name: 'x-webhook-attempt', text: rich('guide.attempt') },
  { name: 'content-type', text: html`<code>application/json</code>` },
];

const standard = (): readonly Definition[] => [
  { name: 'webhook-timestamp', text: t('guide.webhook-timestamp') },
  {
    name: 'webhook-signature',
    text: rich('guide.webhook-signature', {
      link: html`<a href="https://www.standardwebhooks.com" target="_blank" rel="noreferrer"
        >Standard Webhooks</a
      >`,
    }),
  },
];

/** Renders one line of Markdown, of which only backticks are supported. */
const inline = (markdown: string): unknown[] =>
  markdown.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));

const answers = (settings: WebhookSettingsView): readonly (readonly [string, unknown])[] => [
  [t('guide.time'), t('guide.time.text', { time: duration(settings.timeoutMs) })],
  ['2xx', t('guide.2xx.text')],
  [t('guide.failure'), retries(settings.retryOffsetsMs)],
  ['429, 503', rich('guide.retry-after.text')],
  ['410', t('guide.410.text')],
  ...(settings.disableAfterMs === null
    ? []
    : [
        [
          t('guide.turned-off'),
          t('guide.turned-off.text', { time: duration(settings.disableAfterMs) }),
        ] as const,
      ]),
];

/**
 * Describes the retry schedule, such as `It is sent again 5 min, 15 min and 1 h after the first attempt, …`.
 * All offsets count from the first attempt.
 */
export function retries(offsetsMs: readonly number[]): string {
  if (offsetsMs.length === 0) return t('guide.no-retries');
  const shown = offsetsMs.slice(0, SHOWN_RETRIES).map(unbroken);
  const count = offsetsMs.length - shown.length;
  const last = unbroken(offsetsMs.at(-1)!);
  const times =
    count > 0 ? t('guide.more-retries', { times: enumerated(shown), count, last }) : listed(shown);
  return t('guide.retries', { times });
}

const unbroken = (ms: number): string => duration(ms).replace(' ', '\u00a0');
