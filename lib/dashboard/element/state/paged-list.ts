import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { WebhookPageView } from '../api/api-types.js';
import { isAbort } from './is-abort.js';

type LoadPage<Row> = (cursor: string | undefined, signal: AbortSignal) => Promise<WebhookPageView<Row>>;

/** A row may have moved between pages meanwhile, where they are not in the order of their ids. */
const once = <Row extends { readonly id: string }>(first: readonly Row[], then: readonly Row[]): Row[] => [
  ...first,
  ...then.filter(({ id }) => !first.some((row) => row.id === id)),
];

/** A list that grows by pages. */
export class PagedList<Row extends { readonly id: string }> implements ReactiveController {
  /** `undefined` until the first page is there. */
  rows: readonly Row[] | undefined;
  error: unknown;
  loading = false;
  /** While a page is on its way to the end. */
  private growing = false;
  private nextCursor: string | null = null;
  private current: AbortController | undefined;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly load: LoadPage<Row>,
  ) {
    host.addController(this);
  }

  get hasMore(): boolean {
    return this.nextCursor !== null;
  }

  /** When the oldest row was made that was looked at; `undefined` at the end. The digits of an id begin with its time. */
  get reachedTo(): number | undefined {
    return this.nextCursor === null ? undefined : Number.parseInt(this.nextCursor.slice(4, 16), 16);
  }

  hostDisconnected(): void {
    this.current?.abort();
  }

  /** The first page, in place of what is there: for another filter. */
  async restart({ forget = true } = {}): Promise<void> {
    if (forget) this.rows = undefined;
    await this.fetch(undefined, (page) => {
      this.rows = page.data;
      this.nextCursor = page.nextCursor;
    });
  }

  async more(): Promise<void> {
    // A quiet refresh gives way: who asked for more gets it.
    if (this.nextCursor === null || this.growing) return;
    this.growing = true;
    await this.fetch(this.nextCursor, (page) => {
      this.rows = once(this.rows ?? [], page.data);
      this.nextCursor = page.nextCursor;
    });
    this.growing = false;
  }

  /**
   * The first page again, quietly: new rows come on top, known ones change in place, and pages that were added
   * below stay. Where so much is new that a gap would be left, the list starts anew.
   */
  async refresh(): Promise<void> {
    if (this.loading) return;
    await this.fetch(undefined, (page) => {
      const known = this.rows ?? [];
      const last = page.data.at(-1);
      const overlap = last ? known.findIndex((row) => row.id === last.id) : -1;
      // Where the first page is all there is, known rows below it no longer belong to the list.
      if (overlap >= 0 && page.nextCursor !== null) this.rows = once(page.data, known.slice(overlap + 1));
      else {
        this.rows = page.data;
        this.nextCursor = page.nextCursor;
      }
    });
  }

  replace(row: Row): void {
    this.rows = this.rows?.map((known) => (known.id === row.id ? row : known));
    this.host.requestUpdate();
  }

  private async fetch(cursor: string | undefined, take: (page: WebhookPageView<Row>) => void): Promise<void> {
    this.current?.abort();
    const { signal } = (this.current = new AbortController());
    this.loading = true;
    this.host.requestUpdate();
    try {
      const page = await this.load(cursor, signal);
      if (signal.aborted) return;
      take(page);
      this.error = undefined;
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.error = error;
    }
    this.loading = false;
    this.host.requestUpdate();
  }
}
