import type { PropertyValues } from 'lit';
import type { Places } from '../parts/link.js';
import { InnerElement } from '../texts/inner-element.js';
import type { OperatorApi } from './operator-api.js';
import type { OperatorRoute } from './route.js';

/** An act that is asked about before it is done. */
export interface Question {
  readonly heading: () => string;
  /** What it does. */
  readonly text: () => unknown;
  /** How much it concerns, which may have to be counted first. */
  readonly concerns?: () => Promise<() => unknown>;
  /** Default: no reason is asked for. */
  readonly reason?: { readonly hint: () => string; readonly isNeeded: boolean };
  /** What has to be typed before an act that can't be taken back. Default: nothing. */
  readonly typed?: string;
  readonly confirm: () => string;
  readonly isDanger?: boolean;
  readonly run: (reason: string) => Promise<unknown>;
  readonly done: () => string;
}

/** What the operators' element gives to its views. */
export interface OperatorContext extends Places<OperatorRoute> {
  readonly api: OperatorApi;
  go(route: OperatorRoute, options?: { replace?: boolean }): void;
  notify(message: () => string, kind?: 'success' | 'error'): void;
  ask(question: Question): void;
}

/** A view of the operators' element. */
export abstract class OperatorView extends InnerElement {
  static override properties = {
    context: { attribute: false },
    route: { attribute: false },
    changes: { attribute: false },
  };
  declare context: OperatorContext;
  declare route: OperatorRoute;
  /** Counts what the reader has done: what is shown is loaded anew. */
  declare changes: number;

  /** Quietly, what is shown. */
  protected abstract reload(): Promise<unknown>;

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('changes') && this.hasUpdated) void this.reload();
  }

  protected get query(): Readonly<Record<string, string>> {
    return this.route.query ?? {};
  }
}
