import { svg, type TemplateResult } from 'lit';
import { html } from 'lit';

/** Outlines in a 24 by 24 square, drawn in the text's colour. */
const PATHS = {
  plus: svg`<path d="M12 5v14M5 12h14" />`,
  close: svg`<path d="M6 6l12 12M18 6L6 18" />`,
  copy: svg`<rect x="9" y="9" width="11" height="11" rx="2" /><path d="M5 15H4V5a1 1 0 0 1 1-1h10v1" />`,
  check: svg`<path d="M5 13l4 4L19 7" />`,
  search: svg`<circle cx="11" cy="11" r="6.5" /><path d="M16 16l4.5 4.5" />`,
  back: svg`<path d="M15 5l-7 7 7 7" />`,
  forward: svg`<path d="M9 5l7 7-7 7" />`,
  send: svg`<path d="M21 3L10 14M21 3l-7 18-4-7-7-4z" />`,
  refresh: svg`<path d="M20 11a8 8 0 1 0-2.3 5.7M20 4v7h-7" />`,
  eye: svg`<path d="M2 12s3.6-7 10-7 10 7 10 7-3.6 7-10 7S2 12 2 12z" /><circle cx="12" cy="12" r="3" />`,
  trash: svg`<path d="M4 7h16M10 11v6M14 11v6M6 7l1 13h10l1-13M9 7V4h6v3" />`,
  edit: svg`<path d="M4 20h4L19 9l-4-4L4 16zM13 7l4 4" />`,
  warning: svg`<path d="M12 4L2.5 20h19zM12 10v4M12 17v.5" />`,
  inbox: svg`<path d="M3 13l3-8h12l3 8v6H3zM3 13h5l1.5 3h5L16 13h5" />`,
  chart: svg`<path d="M4 4v16h16M9 16v-4M13.5 16V8M18 16v-6" />`,
} as const;

export type IconName = keyof typeof PATHS;

/** Hidden from screen readers: the text beside the icon, or the label of its button, says the same. */
export const icon = (name: IconName, size = 16): TemplateResult =>
  html`<svg
    width=${size}
    height=${size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.8"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${PATHS[name]}
  </svg>`;
