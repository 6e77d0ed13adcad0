import type { ReactiveController, ReactiveControllerHost } from 'lit';

const SETTLING_FRAMES = 6;

/** Scrolls once to the section in the address, and focuses its heading. */
export class ShownSection implements ReactiveController {
  private shown: string | undefined;
  /** Gets the focus instead of the heading. */
  private keeper: HTMLElement | undefined;

  /** @param wanted returns the heading's id, once the heading is rendered */
  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly wanted: () => string | undefined,
  ) {
    host.addController(this);
  }

  /** Scrolls again, even if the address already names the section. */
  again(keeper?: HTMLElement): void {
    this.shown = undefined;
    this.keeper = keeper;
    this.host.requestUpdate();
  }

  hostUpdated(): void {
    const id = this.wanted();
    if (id === this.shown) return;
    this.shown = id;
    // The dashboard focuses the heading of a new view first, so this waits one frame.
    if (id !== undefined) requestAnimationFrame(() => this.show(id));
  }

  /** Repeats in the next frames, because elements get their real heights only when they come into view. */
  private show(id: string, frames = SETTLING_FRAMES): void {
    const heading = this.host.querySelector<HTMLElement>(`#${CSS.escape(id)}`);
    if (!heading || id !== this.shown || frames === 0) return;
    if (frames === SETTLING_FRAMES) {
      this.host.querySelector('.side-link[aria-current="page"]')?.scrollIntoView({ block: 'nearest' });
      (this.keeper ?? heading).focus({ preventScroll: true });
      this.keeper = undefined;
    }
    heading.scrollIntoView();
    requestAnimationFrame(() => this.show(id, frames - 1));
  }
}
