// The page of the demo receiver. It shows everything that arrived as text, never as HTML.

const MOST_ARRIVALS = 200;
const element = (id) => document.getElementById(id);
const name = () => new URLSearchParams(location.search).get('name') ?? 'acme';
const path = (rest) => `/demo/receiver/${encodeURIComponent(name())}${rest}`;

let last = 0;

async function call(method, rest, body) {
  const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(path(rest), { method, ...(body ? json : {}) });
  const answer = response.status === 204 ? undefined : await response.json();
  if (!response.ok) throw new Error([answer.message].flat().join('. '));
  return answer;
}

async function refresh() {
  const state = await call('GET', `/arrivals?after=${last}`);
  showStatus(state);
  showNames(state.names);
  for (const arrival of state.arrivals) {
    last = arrival.number;
    element('arrivals').prepend(arrivalItem(arrival));
  }
  while (element('arrivals').children.length > MOST_ARRIVALS) element('arrivals').lastElementChild.remove();
  element('empty').hidden = last > 0;
}

function showStatus({ failing, secret }) {
  const seconds = Math.ceil((failing.until - Date.now()) / 1000);
  let answer = '200 to all';
  if (seconds > 0) answer = `500 for ${seconds} s more`;
  if (failing.times > 0) answer = `500 to the next ${failing.times}`;
  const fails = failing.times > 0 || seconds > 0;
  setText(element('status'), answer);
  element('status').className = fails ? 'badge bad' : 'badge good';
  element('recover').disabled = !fails;
  element('secret-status').textContent = {
    given: 'It verifies with the secret that you gave.',
    'looked up': 'It verifies with the secrets of the demo accounts’ webhooks that point here.',
    none: 'No webhook of the demo accounts points here, so there is no secret to verify with.',
  }[secret];
}

/** Adds only new entries, so that a screen reader does not repeat the same every second. */
function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

function showNames(names) {
  const wanted = [...new Set([name(), ...names])].sort();
  const select = element('names');
  if (wanted.join() === [...select.options].map((option) => option.value).join()) return;
  select.replaceChildren(...wanted.map((value) => new Option(value, value, false, value === name())));
}

function arrivalItem({ receivedAt, eventType, eventId, attempt, signatures, answer, body }) {
  const item = make('li', 'card arrival');
  const head = make('div', 'arrival-head');
  const time = make('time', 'hint', new Date(receivedAt).toLocaleTimeString());
  time.dateTime = new Date(receivedAt).toISOString();
  time.title = new Date(receivedAt).toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'long' });
  head.append(
    make('code', 'strong', eventType ?? 'no event type'),
    make('span', attempt > 1 ? 'badge wait' : 'badge plain', `Attempt ${attempt ?? '–'}`),
    answer === 200 ? make('span', 'badge good', '200 accepted') : make('span', 'badge bad', '500 failed'),
    time,
  );
  const details = make('details');
  const text = make('pre', '', pretty(body));
  text.tabIndex = 0;
  details.append(make('summary', '', 'Body'), text);
  const verdicts = make('div', 'verdicts');
  verdicts.append(
    verdict('x-roundabout-signature', signatures.hex),
    verdict('webhook-signature', signatures.standard),
  );
  item.append(head, verdicts, make('p', 'hint id', eventId ?? 'no id'), details);
  return item;
}

function verdict(header, verified) {
  const shown = make('span', 'verdict');
  shown.append(make('code', 'hint', header), ' ');
  if (verified === null) shown.append(make('span', 'plain', 'no secret'));
  else shown.append(verified ? make('span', 'good', '✓ verified') : make('span', 'bad', '✗ not verified'));
  return shown;
}

function make(tag, className = '', text = '') {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

async function attempt(work) {
  try {
    await work();
    element('error').textContent = '';
  } catch (error) {
    element('error').textContent = error.message;
  }
}

function onClick(id, work) {
  element(id).addEventListener('click', () =>
    attempt(async () => {
      await work();
      await refresh();
    }),
  );
}

onClick('fail-times', () => call('POST', '/fail', { times: 2 }));
onClick('fail-seconds', () => call('POST', '/fail', { seconds: 60 }));
onClick('recover', () => call('DELETE', '/fail'));
onClick('give-secret', () => call('PUT', '/secret', { secret: element('secret').value.trim() }));
onClick('forget-secret', () => call('DELETE', '/secret'));
element('names').addEventListener('change', ({ target }) => {
  location.search = new URLSearchParams({ name: target.value }).toString();
});
element('url').textContent = location.origin + path('');

for (;;) {
  await attempt(refresh);
  await new Promise((resolve) => setTimeout(resolve, 1000));
}
