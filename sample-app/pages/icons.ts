import { html, type Html } from './html.js';
import type { Section } from './page.js';

const icon = (shapes: Html): Html =>
  html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true">${shapes}</svg>`;

export const ICONS: Readonly<Record<Section | 'menu', Html>> = {
  overview: icon(html`<path d="M3 10.5 10 4l7 6.5M5 9v7.5h3.5V12h3v4.5H15V9" />`),
  posts: icon(html`<path d="M11.5 4H4v12h12V9M16.5 3.5l-7 7-.5 2 2-.5 7-7z" />`),
  platforms: icon(
    html`<circle cx="5" cy="10" r="2" /><circle cx="15" cy="5" r="2" /><circle cx="15" cy="15" r="2" />
      <path d="m7 9 6-3M7 11l6 3" />`,
  ),
  integrations: icon(html`<path d="M7 3v4M13 3v4M5 7h10v3a5 5 0 0 1-10 0zM10 15v3" />`),
  receiver: icon(html`<path d="M3 11.5 5 4h10l2 7.5V16H3zM3 11.5h4l1 2h4l1-2h4" />`),
  operators: icon(html`<path d="M3 16h14M5 13V9M10 13V4M15 13v-6" />`),
  menu: icon(html`<path d="M3 6h14M3 10h14M3 14h14" />`),
};

/** Three cars on a roundabout, seen from far above. */
export const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
  <rect width="32" height="32" rx="8" fill="#4f46e5"/>
  <g fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round">
    <path d="M16 7a9 9 0 0 1 8.4 5.8M23.8 20.5A9 9 0 0 1 13.7 24.7M8 20A9 9 0 0 1 10.3 9"/>
  </g>
  <circle cx="16" cy="16" r="3.5" fill="#fff"/>
</svg>
`;
