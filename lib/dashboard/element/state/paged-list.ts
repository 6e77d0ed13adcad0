import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { WebhookPageView } from '../api/api-types.js';
import { isAbort } from './is-abort.js';

type LoadPage<Row> = (cursor: string | undefined, signal: AbortSignal) => Promise<WebhookPageView<Row>>;

/** Joins pages without duplicates. In a list that is not sorted by id, a row can move to another page. */
const once = <Row extends { readonly id: string }>(first: readonly Row[], then: readonly Row[]): Row[] => [
  ...first,
  ...then.filter(({ id }) => !first.some((row) => row.id === id)),
];

/** A list that grows page by page. */
export class PagedList<Row extends { readonly id: string }> implements ReactiveController {
  /** `undefined` until the first page arrives. */
  rows: readonly Row[] | undefined;
  error: unknown;
  loading = false;
  /** Whether the next page is loading. */
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

  /**
   * The creation time of the oldest row that the server has looked at; `undefined` at the end of the list. An
   * id's digits begin with its creation time.
   */
  get reachedTo(): number | undefined {
    return this.nextCursor === null ? undefined : Number.parseInt(this.nextCursor.slice(4, 16), 16);
  }

  hostDisconnected(): void {
    this.current?.abort();
  }

  /** Loads the first page and drops all others, such as for a new filter. */
  async restart({ forget = true } = {}): Promise<void> {
    if (forget) this.rows = undefined;
    await this.fetch(undefined, (page) => {
      this.rows = page.data;
      this.nextCursor = page.nextCursor;
    });
  }

  async more(): Promise<void> {
    // This cancels a refresh: the reader's request comes first.
    if (this.nextCursor === null || this.growing) return;
    this.growing = true;
    await this.fetch(this.nextCursor, (page) => {
      this.rows = once(this.rows ?? [], page.data);
      this.nextCursor = page.nextCursor;
    });
    this.growing = false;
  }

  /**
   * Loads the first page again: new rows appear on top, known rows change in place, and further pages stay.
   * If the new rows fill the whole page, the list starts again, since there might be a gap below them.
   */
  async refresh(): Promise<void> {
    if (this.loading) return;
    const { rows } = this;
    await this.fetch(undefined, (page) => {
      // A row was replaced meanwhile, and the page may be older.
      if (this.rows !== rows) return;
      const known = rows ?? [];
      const last = page.data.at(-1);
      const overlap = last ? known.findIndex((row) => row.id === last.id) : -1;
      // If the first page is the whole list, known rows below it are gone.
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
