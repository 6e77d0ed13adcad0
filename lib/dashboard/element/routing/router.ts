import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { formatRoute, formatView, parseRoute, type Route, type RouteQuery } from './route.js';

/**
 * The state of a history entry that was added to open something above a view. Closing it goes back in the
 * history.
 */
interface OverlayState {
  readonly webhooksOverlay: true;
}

/** Keeps the route: in the address after `#`, or internally if the address belongs to the page. */
export class Router implements ReactiveController {
  route: Route = { view: 'webhooks' };
  /** The last filters of each view, which apply again when the reader returns. */
  private readonly queries = new Map<string, RouteQuery | undefined>();

  /** Whether leaving the view would lose unsaved input. */
  unsaved: () => boolean = () => false;
  /** Continues to the view that the reader wanted, after a question about unsaved input. */
  leave: (() => void) | undefined;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly inHash: () => boolean,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('hashchange', this.readHash);
    window.addEventListener('beforeunload', this.unload);
    this.readHash();
  }

  hostDisconnected(): void {
    window.removeEventListener('hashchange', this.readHash);
    window.removeEventListener('beforeunload', this.unload);
  }

  /** Opens a view. A route without a query uses the view's last filters. */
  go(to: Route, { replace = false } = {}): void {
    const route = this.narrowed(to);
    if (this.asks(route, () => this.go(to, { replace }))) return;
    const opensOverlay = formatView(route) === formatView(this.route) && isOverlay(route);
    this.take(route);
    if (this.inHash()) {
      const hash = `#${formatRoute(route)}`;
      const state: OverlayState | null = opensOverlay ? { webhooksOverlay: true } : null;
      // Neither call fires hashchange.
      if (replace) history.replaceState(history.state, '', hash);
      else if (location.hash !== hash) history.pushState(state, '', hash);
    }
    this.host.requestUpdate();
  }

  /** Closes what is open above a view, so that "back" does not open it again. */
  close(view: Route): void {
    if (this.inHash() && (history.state as OverlayState | null)?.webhooksOverlay) history.back();
    else this.go(view, { replace: true });
  }

  /** The `href` of a link; undefined if the address does not tell the route. */
  href(route: Route): string | undefined {
    return this.inHash() ? `#${formatRoute(this.narrowed(route))}` : undefined;
  }

  private readonly readHash = (): void => {
    if (!this.inHash()) return;
    const route = parseRoute(location.hash.slice(1));
    // The address has already changed. It returns to the current view until the reader has answered.
    if (this.asks(route, () => history.back())) history.pushState(null, '', `#${formatRoute(this.route)}`);
    else this.take(route);
    this.host.requestUpdate();
  };

  private readonly unload = (event: Event): void => {
    if (this.unsaved()) event.preventDefault();
  };

  stay(): void {
    this.leave = undefined;
    this.host.requestUpdate();
  }

  private asks(route: Route, go: () => void): boolean {
    if (formatView(route) === formatView(this.route) || !this.unsaved()) return false;
    this.leave = () => {
      this.leave = undefined;
      this.unsaved = () => false;
      go();
    };
    this.host.requestUpdate();
    return true;
  }

  private narrowed(route: Route): Route {
    const query = route.query ?? this.queries.get(formatView(route));
    return query ? { ...route, query } : route;
  }

  private take(route: Route): void {
    this.route = route;
    this.queries.set(formatView(route), route.query);
  }
}

const isOverlay = (route: Route): boolean => route.view === 'webhook' && Boolean(route.delivery);
