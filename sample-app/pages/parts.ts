import { html, type Html, type HtmlValue } from './html.js';

/** Shows a time in UTC. The page's script converts it to the reader's zone. */
export const time = (ms: number): Html => {
  const iso = new Date(ms).toISOString();
  return html`<time datetime="${iso}" title="${iso}">${iso.slice(0, 16).replace('T', ' ')} UTC</time>`;
};

export const number = (value: number): string => value.toLocaleString('en');

/** `one post`, `2 posts`. */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`;

export type Tone = 'good' | 'bad' | 'wait' | 'plain';

export const badge = (tone: Tone, text: string): Html => html`<span class="badge ${tone}">${text}</span>`;

export const alert = (message: string | undefined): Html | undefined =>
  message === undefined ? undefined : html`<p class="notice bad" role="alert">${message}</p>`;

/** A message after a redirect. Only the page's own sentences, since anybody can write a link. */
export const done = (sentences: Readonly<Record<string, string>>, key: unknown): Html | undefined =>
  typeof key === 'string' && Object.hasOwn(sentences, key)
    ? html`<p class="notice good" role="status">${sentences[key]}</p>`
    : undefined;

export interface Field {
  readonly name: string;
  /** Default: the name. */
  readonly id?: string;
  readonly label: string;
  readonly problem?: string | undefined;
  readonly hint?: HtmlValue;
  /** Receives the attributes that connect the control with its problem for screen readers. */
  readonly control: (attributes: Html) => Html;
}

export function field({ name, id = name, label, problem, hint, control }: Field): Html {
  const described = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ');
  const attributes = html`id="${id}" name="${name}"
  ${described !== '' && html`aria-describedby="${described}"`}
  ${problem !== undefined && html`aria-invalid="true"`}`;
  return html`<div class="field">
    <label for="${id}">${label}</label>
    ${control(attributes)} ${problem && html`<p class="problem" id="${id}-problem">${problem}</p>`}
    ${hint && html`<p class="hint" id="${id}-hint">${hint}</p>`}
  </div>`;
}

/** A form with one button. */
export const action = (path: string, name: string, kind = ''): Html =>
  html`<form method="post" action="${path}"><button class="${kind}">${name}</button></form>`;

export interface Confirmation {
  readonly id: string;
  readonly button: string;
  readonly question: string;
  readonly explanation: string;
  readonly action: string;
}

/** A button that asks before an irreversible act. It uses a popover, so it needs no script. */
export const confirmed = ({ id, button, question, explanation, action: path }: Confirmation): Html => html`
  <button class="quiet danger" type="button" popovertarget="${id}">${button}</button>
  <div class="dialog" id="${id}" popover role="dialog" aria-labelledby="${id}-question">
    <h2 id="${id}-question">${question}</h2>
    <p>${explanation}</p>
    <div class="actions">
      <button class="quiet" type="button" popovertarget="${id}" popovertargetaction="hide" autofocus>
        Cancel
      </button>
      <form method="post" action="${path}"><button class="danger">${button}</button></form>
    </div>
  </div>
`;
