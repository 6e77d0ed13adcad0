import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { isAbort } from './is-abort.js';

/**
 * Loads a value, and tells the host when the value or an error arrives. A new load cancels the previous one.
 * The old value stays until the new one arrives.
 */
export class Loader<Value> implements ReactiveController {
  value: Value | undefined;
  error: unknown;
  loading = false;
  private current: AbortController | undefined;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly load: (signal: AbortSignal) => Promise<Value>,
  ) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.current?.abort();
  }

  /** @param forget whether to drop the old value first, because it belongs to something else */
  async run({ forget = false } = {}): Promise<void> {
    this.current?.abort();
    const current = (this.current = new AbortController());
    if (forget) this.value = undefined;
    this.loading = true;
    this.host.requestUpdate();
    try {
      const value = await this.load(current.signal);
      if (current.signal.aborted) return;
      this.value = value;
      this.error = undefined;
    } catch (error) {
      if (current.signal.aborted || isAbort(error)) return;
      this.error = error;
    }
    this.loading = false;
    this.host.requestUpdate();
  }

  /** Shows a value that is known already, such as the answer to a change. */
  set(value: Value): void {
    this.current?.abort();
    this.loading = false;
    this.error = undefined;
    this.value = value;
    this.host.requestUpdate();
  }
}
