import { html } from '../pages/html.js';
import type { Page } from '../pages/page.js';

/** The static part; `assets/receiver.mjs` fills in the rest. */
export const receiverPage = (): Page => ({
  title: 'Demo receiver',
  section: 'receiver',
  scripts: ['/demo/assets/receiver.js'],
  body: html`
    <p class="intro">
      What a customer’s server gets from Roundabout, as it arrives at <code id="url"></code>
    </p>
    <noscript
      ><p class="notice">What arrives is shown with JavaScript, which your browser does not run.</p></noscript
    >
    <section class="card controls" aria-label="Receiver">
      <div class="field">
        <label for="names">Receiver</label>
        <select id="names"></select>
      </div>
      <div class="field answering">
        <span class="label" id="status-label">Answers now with</span>
        <span id="status" role="status" class="badge plain" aria-labelledby="status-label status"></span>
      </div>
      <div class="actions">
        <button id="fail-times" type="button">Fail the next 2</button>
        <button id="fail-seconds" type="button">Fail for 60 seconds</button>
        <button id="recover" type="button">Answer 200 again</button>
      </div>
    </section>
    <details class="card secret">
      <summary>Verify with another secret</summary>
      <p class="hint" id="secret-status"></p>
      <div class="form inline">
        <div class="field">
          <label for="secret">Secret</label>
          <input id="secret" type="text" placeholder="whsec_…" autocomplete="off" spellcheck="false" />
        </div>
        <button id="give-secret" type="button">Verify with this</button>
        <button id="forget-secret" type="button">Look it up again</button>
      </div>
    </details>
    <p class="notice bad" id="error" role="alert"></p>
    <section aria-labelledby="arrived">
      <div class="card-head">
        <h2 id="arrived">Arrived</h2>
        <span class="hint">newest first</span>
      </div>
      <div class="card empty" id="empty" hidden>
        <h3>Nothing has arrived yet</h3>
        <p>
          <a href="/posts#new">Publish a post</a> in Roundabout, or send a test from
          <a href="/integrations/webhooks">Integrations</a>. It appears here within a second.
        </p>
      </div>
      <ol class="arrivals" id="arrivals"></ol>
    </section>
  `,
});
