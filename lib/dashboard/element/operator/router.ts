import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { formatRoute, parseRoute, type OperatorRoute } from './route.js';

/** Keeps the route: in the address after `#`, or internally if the address belongs to the page. */
export class OperatorRouter implements ReactiveController {
  route: OperatorRoute = { section: 'now' };

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

  go(route: OperatorRoute, { replace = false } = {}): void {
    this.route = route;
    const hash = `#${formatRoute(route)}`;
    // Neither call fires hashchange.
    if (this.inHash() && replace) history.replaceState(history.state, '', hash);
    else if (this.inHash() && location.hash !== hash) history.pushState(null, '', hash);
    this.host.requestUpdate();
  }

  href(route: OperatorRoute): string | undefined {
    return this.inHash() ? `#${formatRoute(route)}` : undefined;
  }

  private readonly readHash = (): void => {
    if (!this.inHash()) return;
    this.route = parseRoute(location.hash.slice(1));
    this.host.requestUpdate();
  };
}
