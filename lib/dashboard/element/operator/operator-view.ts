import type { PropertyValues } from 'lit';
import type { Places } from '../parts/link.js';
import { InnerElement } from '../texts/inner-element.js';
import type { OperatorApi } from './operator-api.js';
import type { OperatorRoute } from './route.js';

/** An act that needs a confirmation. */
export interface Question {
  readonly heading: () => string;
  /** Describes the act. */
  readonly text: () => unknown;
  /** Loads how much the act affects, and returns a text. */
  readonly concerns?: () => Promise<() => unknown>;
  /** Default: asks for no reason. */
  readonly reason?: { readonly hint: () => string; readonly isNeeded: boolean };
  /** A text to type before an irreversible act. Default: none. */
  readonly typed?: string;
  readonly confirm: () => string;
  readonly isDanger?: boolean;
  readonly run: (reason: string) => Promise<unknown>;
  readonly done: () => string;
}

/** What the operators' element provides to its views. */
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
  /** Increases with each act of the reader, which makes the views reload. */
  declare changes: number;

  /** Reloads what is shown, without a loading state. */
  protected abstract reload(): Promise<unknown>;

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('changes') && this.hasUpdated) void this.reload();
  }

  protected get query(): Readonly<Record<string, string>> {
    return this.route.query ?? {};
  }
}
