import { html, nothing, type TemplateResult } from 'lit';
import { ApiError } from '../api/api-error.js';
import { messageOf } from '../texts/error-texts.js';
import { icon, type IconName } from './icon.js';
import { t } from '../texts/t.js';

/** Grey lines in place of content that is loading. */
export const loadingRows = (rows = 5): TemplateResult =>
  html`<div class="stack loading" role="status">
    <span class="sr-only">${t('loading')}</span>
    ${Array.from({ length: rows }, () => html`<div class="skeleton"></div>`)}
  </div>`;

/** Shows an error, and a button that tries again. */
export const failure = (error: unknown, retry?: () => void): TemplateResult =>
  html`<div class="empty" role="alert">
    ${icon('warning', 24)}
    <h3>${t(error instanceof ApiError && error.status === 404 ? 'error.not-found' : 'error.not-loaded')}</h3>
    <p>${messageOf(error)}</p>
    ${retry ? html`<button type="button" class="button" @click=${retry}>${t('try-again')}</button>` : nothing}
  </div>`;

export const empty = (
  name: IconName,
  title: string,
  text: unknown,
  action: unknown = nothing,
): TemplateResult =>
  html`<div class="empty">
    <span class="muted">${icon(name, 28)}</span>
    <h3>${title}</h3>
    <p>${text}</p>
    ${action}
  </div>`;

/** Explains an error while older content stays visible. */
export const outdated = (error: unknown): string => t('not-up-to-date', { problem: messageOf(error) });
