import { html, nothing, type TemplateResult } from 'lit';

/** Of an element with places of its own. */
export interface Places<Route> {
  go(route: Route): void;
  /** `undefined` where the address can't tell the place. */
  href(route: Route): string | undefined;
}

interface LinkOptions {
  readonly class?: string;
  readonly current?: boolean;
  readonly label?: string;
}

/** For a row with a link in it: a click beside its links and buttons does what the link does. */
export const openRow =
  <Route>(context: Places<Route>, route: Route) =>
  (event: MouseEvent): void => {
    const isOnControl =
      (event.target as Element).closest('a, button, input, label, select, summary') !== null;
    const isSelecting = getSelection()?.isCollapsed === false;
    if (isOnControl || isSelecting || event.ctrlKey || event.metaKey || event.shiftKey) return;
    context.go(route);
  };

/** A link where the address tells the route, else a button: a link without an address can't be reached by keyboard. */
export function link<Route>(
  context: Places<Route>,
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
