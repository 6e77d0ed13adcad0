// Conveniences that need a script. Every page also works without it.

const short = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

for (const time of document.querySelectorAll('time[datetime]')) {
  const date = new Date(time.dateTime);
  time.textContent = short.format(date);
  time.title = exact.format(date);
}

for (const counter of document.querySelectorAll('[data-counts]')) {
  const field = document.getElementById(counter.dataset.counts);
  const count = () => {
    counter.textContent = `${field.value.length.toLocaleString()} of ${field.maxLength.toLocaleString()} characters`;
  };
  field.addEventListener('input', count);
  count();
}

for (const button of document.querySelectorAll('[data-copy]')) {
  const name = button.textContent;
  // Browsers allow the clipboard only on pages from https, or from this machine.
  button.hidden = navigator.clipboard === undefined;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = 'Copied';
    setTimeout(() => (button.textContent = name), 2000);
  });
}
