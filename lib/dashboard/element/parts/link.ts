import { html, nothing, type TemplateResult } from 'lit';
import type { DashboardContext } from '../dashboard-view.js';
import type { Route } from '../routing/route.js';

interface LinkOptions {
  readonly class?: string;
  readonly current?: boolean;
  readonly label?: string;
}

/** For a row with a link in it: a click beside its links and buttons does what the link does. */
export const openRow =
  (context: DashboardContext, route: Route) =>
  (event: MouseEvent): void => {
    const isOnControl =
      (event.target as Element).closest('a, button, input, label, select, summary') !== null;
    const isSelecting = getSelection()?.isCollapsed === false;
    if (isOnControl || isSelecting || event.ctrlKey || event.metaKey || event.shiftKey) return;
    context.go(route);
  };

/** A link where the address tells the route, else a button: a link without an address can't be reached by keyboard. */
export function link(
  context: DashboardContext,
  route: Route,
  content: unknown,
  { class: name = 'link', current = false, label }: LinkOptions = {},
): TemplateResult {
  const href = context.href(route);
  const go = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    context.go(route);
  };
  const isCurrent = current ? 'page' : null;
  return href === undefined
    ? html`<button
        type="button"
        class=${name}
        aria-current=${isCurrent ?? 'false'}
        aria-label=${label ?? nothing}
        @click=${go}
      >
        ${content}
      </button>`
    : html`<a
        class=${name}
        href=${href}
        aria-current=${isCurrent ?? 'false'}
        aria-label=${label ?? nothing}
        @click=${go}
        >${content}</a
      >`;
}
