import type { ReactiveControllerHost } from 'lit';
import type { WebhookAttemptView, WebhookDeliveryDetailView, WebhookPageView } from '../api/api-types.js';

type LoadBefore = (cursor: string) => Promise<WebhookPageView<WebhookAttemptView>>;

/** The attempts of a delivery. The newest come with the delivery; older ones load page by page. */
export class Attempts {
  loading = false;
  error: unknown;
  private readonly known = new Map<string, WebhookAttemptView>();
  private total = 0;
  private isAtEnd = false;
  /** Ids of open attempts. Each newest attempt opens by itself, and stays open when the next one arrives. */
  private readonly opened = new Set<string>();
  private newest: string | undefined;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly before: LoadBefore,
  ) {}

  get hasMore(): boolean {
    return !this.isAtEnd && this.known.size < this.total;
  }

  get newestFirst(): readonly WebhookAttemptView[] {
    return [...this.known.values()].sort((a, b) => b.number - a.number);
  }

  reset(): void {
    this.known.clear();
    this.isAtEnd = false;
    this.error = undefined;
  }

  add({ attempts, attemptCount }: WebhookDeliveryDetailView): void {
    for (const attempt of attempts) this.known.set(attempt.id, attempt);
    this.total = attemptCount;
    const newest = this.newestFirst[0]?.id;
    if (newest !== undefined && newest !== this.newest) this.opened.add(newest);
    this.newest = newest;
  }

  isOpen(id: string): boolean {
    return this.opened.has(id);
  }

  toggle(id: string, open: boolean): void {
    if (open === this.opened.has(id)) return;
    if (open) this.opened.add(id);
    else this.opened.delete(id);
    this.host.requestUpdate();
  }

  async more(): Promise<void> {
    const oldest = this.newestFirst.at(-1);
    if (this.loading || !oldest) return;
    this.loading = true;
    this.host.requestUpdate();
    try {
      const { data, nextCursor } = await this.before(oldest.id);
      // The reader may have opened another delivery meanwhile.
      if (this.known.has(oldest.id)) {
        for (const attempt of data) this.known.set(attempt.id, attempt);
        this.isAtEnd = nextCursor === null;
      }
      this.error = undefined;
    } catch (error) {
      this.error = error;
    }
    this.loading = false;
    this.host.requestUpdate();
  }
}
