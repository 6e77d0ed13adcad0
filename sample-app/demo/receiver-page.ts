/** Everything that changes is filled in by `assets/receiver.js`. */
export const RECEIVER_PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Demo receiver · Roundabout WebTraffic</title>
    <link rel="stylesheet" href="/demo/assets/receiver.css">
    <script type="module" src="/demo/assets/receiver.js"></script>
  </head>
  <body>
    <header>
      <h1>Demo receiver</h1>
      <p>What a customer’s server gets from Roundabout, as it arrives at <code id="url"></code></p>
    </header>
    <section aria-label="Receiver">
      <label>Receiver <select id="names"></select></label>
      <span id="status" role="status"></span>
      <button id="fail-times" type="button">Fail the next 3</button>
      <button id="fail-seconds" type="button">Fail for 60 seconds</button>
      <button id="recover" type="button">Answer 200 again</button>
    </section>
    <section aria-label="Secret">
      <label>Secret <input id="secret" type="text" placeholder="whsec_…" autocomplete="off" spellcheck="false"></label>
      <button id="give-secret" type="button">Verify with this</button>
      <button id="forget-secret" type="button">Look it up</button>
      <span id="secret-status"></span>
    </section>
    <p id="error" role="alert"></p>
    <table>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">Event type</th>
          <th scope="col">Event</th>
          <th scope="col">Attempt</th>
          <th scope="col">x-roundabout-signature</th>
          <th scope="col">webhook-signature</th>
          <th scope="col">Answer</th>
        </tr>
      </thead>
      <tbody id="arrivals"></tbody>
    </table>
    <p id="empty">Nothing has arrived yet.</p>
  </body>
</html>
`;

export const RECEIVER_STYLE = `
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #cf222e; }
@media (prefers-color-scheme: dark) { :root { --good: #4ac26b; --bad: #ff7b72; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 75rem; padding: 1.5rem; }
h1 { font-size: 1.4rem; margin: 0; }
header p { margin: 0 0 1rem; opacity: .8; }
section { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; margin-bottom: .6rem; }
button, select, input { font: inherit; padding: .2rem .6rem; }
input { width: 18rem; }
table { border-collapse: collapse; width: 100%; margin-top: 1rem; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; font-size: .85rem; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
td.id { max-width: 11rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
td.body { padding-top: 0; }
pre { margin: .3rem 0; padding: .6rem; border: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; }
tr.first-line td { border-bottom: 0; }
.good { color: var(--good); }
.bad { color: var(--bad); font-weight: 600; }
#error { color: var(--bad); }
#error:empty { display: none; }
`;
