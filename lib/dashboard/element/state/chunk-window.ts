import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * Rows are rendered up to about one screen beyond the visible part, for the keyboard and for fast scrolling.
 */
const MARGIN = '1000px 0px';

/**
 * Tells which chunks of a long list are near the visible part. Other chunks are empty but keep their height,
 * so that a list of thousands has only the nodes of a few screens.
 * A chunk is an element with `data-chunk`. A descendant with `data-space` may carry its height. An element
 * with `data-end` follows the last chunk.
 */
export class ChunkWindow implements ReactiveController {
  private readonly away = new Map<string, number>();
  private observer: IntersectionObserver | undefined;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly reachEnd: () => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    // `scrollMargin` is for scrolling boxes around the dashboard. Browsers that don't know it render rows a
    // little later.
    const margins = { rootMargin: MARGIN, scrollMargin: MARGIN };
    this.observer = new IntersectionObserver(this.notice, margins);
  }

  hostDisconnected(): void {
    this.observer?.disconnect();
  }

  hostUpdated(): void {
    for (const chunk of this.host.querySelectorAll<HTMLElement>('[data-chunk]')) {
      const height = this.away.get(chunk.dataset.chunk!);
      const space = chunk.querySelector<HTMLElement>('[data-space]') ?? chunk;
      space.style.height = height === undefined ? '' : `${height}px`;
      this.observer?.observe(chunk);
    }
    const end = this.host.querySelector('[data-end]');
    if (!end) return;
    // Observing it again reports whether the new rows fill the screen.
    this.observer?.unobserve(end);
    this.observer?.observe(end);
  }

  isShown(key: string): boolean {
    return !this.away.has(key);
  }

  private readonly notice = (entries: readonly IntersectionObserverEntry[]): void => {
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      const key = (target as HTMLElement).dataset.chunk;
      if (key === undefined) {
        if (isIntersecting) this.reachEnd();
      } else if (isIntersecting) {
        if (this.away.delete(key)) this.host.requestUpdate();
      } else if (!this.away.has(key) && target.isConnected && !target.matches(':focus-within')) {
        this.away.set(key, boundingClientRect.height);
        this.host.requestUpdate();
      }
    }
  };
}
