import type { WebhooksGuidePart } from '../../config/guide-options.js';
import { subsection, type GuideContext } from '../guide-context.js';
import { blocks, bullets, table } from '../markdown.js';
import { counted, durationInWords, ordinal } from '../words.js';

/** Up to this number, retries are listed one by one. */
const LISTED = 20;

export const delivery = (context: GuideContext): WebhooksGuidePart[] => [
  subsection('retries', 'Retry Logic', retries(context)),
  subsection('responses', 'Your Response', responses(context)),
  subsection('disabling', 'Automatic Disabling', disabling(context)),
];

function retries({ Product, product, config }: GuideContext): string {
  const { offsetsMs, jitter = 0 } = config.retry;
  const failure = 'If your endpoint returns a non-2xx response or times out,';
  if (offsetsMs.length === 0) {
    return `${failure} the delivery is marked as failed. ${Product} won't retry it.`;
  }
  const listed = offsetsMs.length <= LISTED ? offsetsMs : offsetsMs.slice(0, LISTED / 2);
  const more = offsetsMs.length - listed.length;
  const total = offsetsMs.length;
  return blocks(
    `${failure} ${product} will retry the webhook delivery:`,
    bullets([
      ...listed.map(
        (ms, index) => `${ordinal(index + 1)} retry: ${durationInWords(ms)} after initial attempt`,
      ),
      ...(more > 0
        ? [`${more} more, the last one ${durationInWords(offsetsMs.at(-1)!)} after initial attempt`]
        : []),
    ]),
    ...(jitter > 0
      ? [
          'Each may come a little later, by chance, so that what failed together does not come again together.',
        ]
      : []),
    `After ${counted(total, 'failed attempt')}, the webhook will be marked as failed and won't be retried further. ` +
      `${total === 1 ? 'That is the retry' : `Those are the ${total} retries`} above: with the initial attempt there are ${total + 1} in all. ` +
      'Only this delivery has failed then; later events are sent to your endpoint as before.',
  );
}

const responses = ({ config }: GuideContext): string =>
  table(
    ['Response', 'What we do'],
    [
      ['2xx', 'The event is delivered.'],
      ['Any other status, redirects included', 'We retry. Redirects are never followed.'],
      [
        `None within ${durationInWords(config.delivery.timeoutMs)}`,
        'We retry. The time counts from the DNS lookup to the end of your response.',
      ],
      [
        '`Retry-After` with a failure',
        `The next attempt waits for so long, in seconds or until that date, but not beyond the last retry.`,
      ],
      [
        '`Retry-After` with 429 or 503',
        'All that waits for your endpoint waits for so long, an hour at most.',
      ],
      ['410', 'We send nothing to this webhook any more: it is turned off.'],
    ],
  );

function disabling({ config }: GuideContext): string {
  const { disableAfterMs, retentionMs } = config;
  const reasons =
    disableAfterMs === null
      ? 'A webhook is turned off when your endpoint answers 410.'
      : `A webhook is turned off when every attempt to it has failed for ${durationInWords(disableAfterMs)}, or when your endpoint answers 410.`;
  const kept = retentionMs === null ? '' : ` We keep them for ${durationInWords(retentionMs)}.`;
  return `${reasons} Once your endpoint works again, set the webhook to "Active". You can then recover the events that it has missed.${kept}`;
}
