import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** How far from what is seen rows are rendered: about a screen, for the keyboard and for quick scrolling. */
const MARGIN = '1000px 0px';

/**
 * Tells which chunks of a long list are near what is seen. The others keep their place by their height alone, so that a
 * list of thousands has the nodes of some screens. A chunk is an element with `data-chunk`, in which one with `data-space`
 * may take the height in its place; one with `data-end` stands after the last chunk.
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
    // The second one is of scrolling boxes around the dashboard; browsers that don't know it render a little later.
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
    // Looked at anew, for what has come may not fill the screen.
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
