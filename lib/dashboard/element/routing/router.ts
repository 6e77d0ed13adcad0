import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { formatRoute, parseRoute, type Route } from './route.js';

/** Keeps the route: in the address behind `#`, or for itself, where the address belongs to the page around. */
export class Router implements ReactiveController {
  route: Route = { view: 'webhooks' };

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly inHash: () => boolean,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('hashchange', this.readHash);
    this.readHash();
  }

  hostDisconnected(): void {
    window.removeEventListener('hashchange', this.readHash);
  }

  go(route: Route, { replace = false } = {}): void {
    this.route = route;
    if (this.inHash()) {
      const hash = `#${formatRoute(route)}`;
      // Neither fires hashchange.
      if (replace) history.replaceState(history.state, '', hash);
      else if (location.hash !== hash) history.pushState(null, '', hash);
    }
    this.host.requestUpdate();
  }

  /** What a link to the route has as its `href`; undefined where the address can't tell. */
  href(route: Route): string | undefined {
    return this.inHash() ? `#${formatRoute(route)}` : undefined;
  }

  private readonly readHash = (): void => {
    if (!this.inHash()) return;
    this.route = parseRoute(location.hash.slice(1));
    this.host.requestUpdate();
  };
}
