import { html, type TemplateResult } from 'lit';
import { t } from '../texts/t.js';

/** Shows HTTP headers as they were sent or received. */
export const headersTable = (caption: string, headers: Readonly<Record<string, string>>): TemplateResult => {
  const rows = Object.entries(headers);
  return html`<table class="headers">
    <caption>
      ${caption}
    </caption>
    <tbody>
      ${
        rows.length === 0
          ? html`<tr>
              <td class="muted">${t('none')}</td>
            </tr>`
          : rows.map(
              ([name, value]) =>
                html`<tr>
                  <th scope="row">${name}</th>
                  <td>${value}</td>
                </tr>`,
            )
      }
    </tbody>
  </table>`;
};
