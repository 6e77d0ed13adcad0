import type { Environment } from '../config/environment.js';
import { html, type Html } from './html.js';

interface Demo {
  readonly accountId: string;
  readonly receiverEndpointId: string | undefined;
  readonly environment: Environment;
}

/** The first steps of a visitor of the demo. */
export function demoSteps({ accountId, receiverEndpointId, environment }: Demo): Html {
  if (!environment.allowLocal) {
    return html`<p class="notice">
      Webhooks may not go to this machine, and so not to the demo receiver. Start the demo with
      <code>WEBHOOKS_ALLOW_LOCAL=1</code>.
    </p>`;
  }
  // The part after # is the dashboard's own path.
  const log = receiverEndpointId === undefined ? '' : `#/webhooks/${receiverEndpointId}/deliveries`;
  const receiver = `/demo/receiver?name=${accountId}`;
  return html`<section class="card guide" aria-labelledby="guide">
    <h2 id="guide">See a webhook arrive in three minutes</h2>
    <ol class="steps">
      ${receiverEndpointId === undefined && addWebhook(accountId)}
      <li>
        <h3><a href="${receiver}" target="_blank" rel="noopener">Open the demo receiver</a> in a new tab</h3>
        <p>It stands for your customer’s server: it verifies the signatures, and shows what arrives.</p>
      </li>
      <li>
        <h3><a href="/posts#new">Publish a post</a></h3>
        <p>
          Two events reach the receiver at once: <code>post.created</code> and <code>post.published</code>.
        </p>
      </li>
      <li>
        <h3>Make it fail, and publish again</h3>
        <p>
          Press “Fail the next 2” there. Both events are answered with 500, and come again
          ${firstRetry(environment)}, as attempt 2.
        </p>
      </li>
      <li>
        <h3><a href="/integrations/webhooks${log}">Open the delivery log</a></h3>
        <p>Every attempt is in it, with what was answered. Send one again: it arrives a second later.</p>
      </li>
    </ol>
  </section>`;
}

const addWebhook = (accountId: string): Html => html`
  <li>
    <h3><a href="/integrations/webhooks#/webhooks/new">Add a webhook</a> for the demo receiver</h3>
    <p>Its URL is this site’s address with <code>/demo/receiver/${accountId}</code> behind it.</p>
  </li>
`;

/** The first delay of the schedule, `10s`: ten seconds is the demo's default. */
function firstRetry({ retrySchedule }: Environment): string {
  const [, amount, unit = ''] = /^(\d+)(ms|s|m|h)$/.exec(retrySchedule?.[0] ?? '5m') ?? [];
  const units: Readonly<Record<string, string>> = {
    ms: 'milliseconds',
    s: 'seconds',
    m: 'minutes',
    h: 'hours',
  };
  return amount === undefined ? 'later' : `${amount} ${units[unit] ?? unit} later`;
}
