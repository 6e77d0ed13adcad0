import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { isEntityManager } from '../compat/typeorm.js';
import { WEBHOOKS_CURRENT_MANAGER } from '../config/tokens.js';
import type {
  CurrentManager,
  EmitWebhookOptions,
  WebhooksTransaction,
} from '../config/webhook-event-options.js';
import { dropPromise } from '../domain/drop-promise.js';
import { quoted, thrownText } from '../domain/shown-text.js';
import { WebhooksError } from '../domain/webhooks.error.js';
import { WebhooksDatabase } from '../persistence/sql/webhooks-database.js';
import { idleProblem, managerProblem, transactionProblem } from './emit-rules.js';

/** The function of the option `transaction` did not say which transaction an emit is in. Nothing was stored. */
export class WebhookTransactionUnknownError extends WebhooksError {
  readonly code = 'webhooks/transaction-unknown';

  constructor(
    readonly eventType: string,
    problem: string,
    options?: ErrorOptions,
  ) {
    super(`emit(${quoted(eventType)}): ${problem}`, options);
  }
}

/** The transaction of an emit ended before its event was stored. Nothing was stored. */
export class WebhookTransactionEndedError extends WebhooksError {
  readonly code = 'webhooks/transaction-ended';

  constructor(readonly eventType: string) {
    super(
      `emit(${quoted(eventType)}): its transaction ended before the event was stored. Await emit inside of the transaction.`,
    );
  }
}

/** Finds the transaction that an emit joins: the one that it names, otherwise the one that its caller is in. */
@Injectable()
export class AmbientTransaction {
  constructor(
    @Inject(WEBHOOKS_CURRENT_MANAGER) private readonly currentManager: CurrentManager,
    @Inject(WebhooksDatabase) private readonly database: WebhooksDatabase,
  ) {}

  /**
   * Resolves with an open transaction, or `undefined` if there is none.
   * @param named the transaction that the emit names, already checked: it wins
   * @throws WebhookTransactionUnknownError
   */
  joinedBy(
    type: string,
    named: Pick<EmitWebhookOptions, 'manager' | 'transaction'>,
  ): EntityManager | WebhooksTransaction | undefined {
    const joined = named.transaction ?? named.manager ?? this.current(type);
    if (!joined || !isEntityManager(joined)) return joined;
    return joined.queryRunner?.isTransactionActive ? joined : undefined;
  }

  private current(type: string): EntityManager | WebhooksTransaction | undefined {
    let manager: ReturnType<CurrentManager>;
    try {
      manager = this.currentManager();
    } catch (cause) {
      const problem =
        `the option transaction threw: ${thrownText(cause).replace(/\.$/, '')}. Where there is no transaction, it must give undefined, ` +
        'or a manager that is in none.';
      throw new WebhookTransactionUnknownError(type, problem, { cause });
    }
    // Libraries return these if the caller is in no transaction.
    if (manager === undefined || manager === null) return undefined;
    // A promise is refused below.
    dropPromise(manager);
    const problem = this.problemOf(manager);
    if (problem)
      throw new WebhookTransactionUnknownError(type, `what the option transaction gives ${problem}`);
    return manager;
  }

  private problemOf(given: EntityManager | WebhooksTransaction): string | undefined {
    const { query } = Object(given) as Partial<WebhooksTransaction>;
    if (query !== undefined && !isEntityManager(given))
      return transactionProblem(given, this.database.dialect);
    return managerProblem(given, (one) => this.database.owns(one)) ?? idleProblem(given as EntityManager);
  }
}
