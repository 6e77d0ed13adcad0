import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { formatRoute, formatView, parseRoute, type Route, type RouteQuery } from './route.js';

/** Of an entry of the history that was added to open something over its view: closing goes back. */
interface OverlayState {
  readonly webhooksOverlay: true;
}

/** Keeps the route: in the address behind `#`, or for itself, where the address belongs to the page around. */
export class Router implements ReactiveController {
  route: Route = { view: 'webhooks' };
  /** What each view was last narrowed to: it still is when the reader comes again. */
  private readonly queries = new Map<string, RouteQuery | undefined>();

  /** Whether there is something in the view that leaving it would lose. */
  unsaved: () => boolean = () => false;
  /** Goes where the reader was going when it was found that something would be lost. */
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

  /** A route without a query is narrowed to what it last was. */
  go(to: Route, { replace = false } = {}): void {
    const route = this.narrowed(to);
    if (this.asks(route, () => this.go(to, { replace }))) return;
    const opensOverlay = formatView(route) === formatView(this.route) && isOverlay(route);
    this.take(route);
    if (this.inHash()) {
      const hash = `#${formatRoute(route)}`;
      const state: OverlayState | null = opensOverlay ? { webhooksOverlay: true } : null;
      // Neither fires hashchange.
      if (replace) history.replaceState(history.state, '', hash);
      else if (location.hash !== hash) history.pushState(state, '', hash);
    }
    this.host.requestUpdate();
  }

  /** Closes what is open over a view, so that Back does not open it again. */
  close(view: Route): void {
    if (this.inHash() && (history.state as OverlayState | null)?.webhooksOverlay) history.back();
    else this.go(view, { replace: true });
  }

  /** What a link to the route has as its `href`; undefined where the address can't tell. */
  href(route: Route): string | undefined {
    return this.inHash() ? `#${formatRoute(this.narrowed(route))}` : undefined;
  }

  private readonly readHash = (): void => {
    if (!this.inHash()) return;
    const route = parseRoute(location.hash.slice(1));
    // The address has changed already: it goes back to what is shown until the reader has answered.
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
