import { html, nothing, type TemplateResult } from 'lit';

/** An element that can show different views. */
export interface Places<Route> {
  go(route: Route): void;
  /** The URL of a view; `undefined` if the address does not tell the view. */
  href(route: Route): string | undefined;
}

interface LinkOptions {
  readonly class?: string;
  readonly current?: boolean;
  readonly label?: string;
}

/** Makes a whole row clickable: a click outside its links and buttons opens the row's view. */
export const openRow =
  <Route>(context: Places<Route>, route: Route) =>
  (event: MouseEvent): void => {
    const isOnControl =
      (event.target as Element).closest('a, button, input, label, select, summary') !== null;
    const isSelecting = getSelection()?.isCollapsed === false;
    if (isOnControl || isSelecting || event.ctrlKey || event.metaKey || event.shiftKey) return;
    context.go(route);
  };

/** Renders a link if the view has a URL, otherwise a button: keyboards can't reach a link without a URL. */
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
