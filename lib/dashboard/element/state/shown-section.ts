import type { ReactiveController, ReactiveControllerHost } from 'lit';

const SETTLING_FRAMES = 6;

/** Brings the section that the address names into view, once, and the focus to its heading. */
export class ShownSection implements ReactiveController {
  private shown: string | undefined;
  /** What keeps the focus in the heading's place. */
  private keeper: HTMLElement | undefined;

  /** @param wanted gives the id of the heading, once it is there */
  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly wanted: () => string | undefined,
  ) {
    host.addController(this);
  }

  /** Also where the section is in the address already. */
  again(keeper?: HTMLElement): void {
    this.shown = undefined;
    this.keeper = keeper;
    this.host.requestUpdate();
  }

  hostUpdated(): void {
    const id = this.wanted();
    if (id === this.shown) return;
    this.shown = id;
    // Later than the dashboard, which puts the focus on the heading of a view that has changed.
    if (id !== undefined) requestAnimationFrame(() => this.show(id));
  }

  /** Again in the next frames, for what comes into view gets its real height only then. */
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
