// The page of the demo receiver. Whatever arrived is put on it as text, never as HTML.

const MOST_ROWS = 200;
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
    element('arrivals').prepend(...rowsOf(arrival));
  }
  while (element('arrivals').children.length > 2 * MOST_ROWS) element('arrivals').lastElementChild.remove();
  element('empty').hidden = last > 0;
}

function showStatus({ failing, secret }) {
  const seconds = Math.ceil((failing.until - Date.now()) / 1000);
  const status = element('status');
  status.className = failing.times > 0 || seconds > 0 ? 'bad' : 'good';
  status.textContent = 'Answers 200';
  if (seconds > 0) status.textContent = `Answers 500 for ${seconds} s more`;
  if (failing.times > 0) status.textContent = `Answers 500 to the next ${failing.times}`;
  element('secret-status').textContent = {
    given: 'Verifies with the secret that you gave.',
    'looked up': 'Verifies with the secrets of the demo accounts’ webhooks that point here.',
    none: 'No webhook of the demo accounts points here, so there is no secret to verify with.',
  }[secret];
}

function showNames(names) {
  const wanted = [...new Set([name(), ...names])].sort();
  const select = element('names');
  if (wanted.join() === [...select.options].map((option) => option.value).join()) return;
  select.replaceChildren(...wanted.map((value) => new Option(value, value, false, value === name())));
}

function rowsOf(arrival) {
  const first = document.createElement('tr');
  first.className = 'first-line';
  first.append(
    cell(new Date(arrival.receivedAt).toLocaleTimeString()),
    cell(arrival.eventType ?? '—'),
    cell(arrival.eventId ?? '—', 'id'),
    cell(String(arrival.attempt ?? '—')),
    verdict(arrival.signatures.hex),
    verdict(arrival.signatures.standard),
    cell(String(arrival.answer), arrival.answer === 200 ? 'good' : 'bad'),
  );
  first.children[2].title = arrival.eventId ?? '';
  const second = document.createElement('tr');
  const body = cell('', 'body');
  body.colSpan = first.children.length;
  const text = document.createElement('pre');
  text.textContent = pretty(arrival.body);
  body.append(text);
  second.append(body);
  return [first, second];
}

function cell(text, className = '') {
  const td = document.createElement('td');
  td.textContent = text;
  td.className = className;
  return td;
}

function verdict(verified) {
  if (verified === null) return cell('no secret');
  return verified ? cell('verified', 'good') : cell('not verified', 'bad');
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

onClick('fail-times', () => call('POST', '/fail', { times: 3 }));
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
