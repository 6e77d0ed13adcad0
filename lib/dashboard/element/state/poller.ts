import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * Calls `tick` every `intervalMs` while the host is on the page and the page is visible. Calls never overlap.
 */
export function poll(host: ReactiveControllerHost, tick: () => Promise<unknown>, intervalMs: number): void {
  host.addController(new Poller(tick, intervalMs));
}

class Poller implements ReactiveController {
  private timer: number | undefined;
  private running = false;

  constructor(
    private readonly tick: () => Promise<unknown>,
    private readonly intervalMs: number,
  ) {}

  hostConnected(): void {
    this.timer = window.setInterval(() => void this.run(), this.intervalMs);
    document.addEventListener('visibilitychange', this.onVisible);
  }

  hostDisconnected(): void {
    window.clearInterval(this.timer);
    document.removeEventListener('visibilitychange', this.onVisible);
  }

  private readonly onVisible = (): void => {
    if (!document.hidden) void this.run();
  };

  private async run(): Promise<void> {
    if (this.running || document.hidden) return;
    this.running = true;
    await this.tick().catch(() => {});
    this.running = false;
  }
}
