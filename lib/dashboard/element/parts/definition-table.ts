import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../texts/t.js';

export interface Definition {
  readonly name: string;
  /** The path of the parent. It is shown before the name for readers who can't see the indentation. */
  readonly path?: string;
  readonly depth?: number;
  readonly type?: string;
  readonly text: unknown;
}

/** A table with names on the left and their meanings on the right. */
export const definitionTable = (caption: string, rows: readonly Definition[]): TemplateResult =>
  html`<table class="definitions">
    <caption class="sr-only">
      ${caption}
    </caption>
    <thead class="sr-only">
      <tr>
        <th scope="col">${t('fields.name')}</th>
        <th scope="col">${t('fields.description')}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ name, path = '', depth = 0, type, text }) =>
          html`<tr>
            <th scope="row" class="depth-${depth}">
              <code>${path ? html`<span class="sr-only">${path}</span>` : nothing}${name}</code>
              ${type ? html`<span class="small muted">${type}</span>` : nothing}
            </th>
            <td>${text}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
