import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Makes a call after a delay without further requests, such as after the last key press. */
export class Debounce implements ReactiveController {
  private timer: number | undefined;

  constructor(
    host: ReactiveControllerHost,
    private readonly call: () => void,
    private readonly delayMs: number,
  ) {
    host.addController(this);
  }

  get isWaiting(): boolean {
    return this.timer !== undefined;
  }

  readonly ask = (): void => {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.timer = undefined;
      this.call();
    }, this.delayMs);
  };

  hostDisconnected(): void {
    window.clearTimeout(this.timer);
    this.timer = undefined;
  }
}
