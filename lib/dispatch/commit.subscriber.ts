import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { EntitySubscriberInterface, QueryRunner } from 'typeorm';
import { WebhooksDatabase } from '../persistence/sql/webhooks-database.js';

type TransactionEvent = { readonly queryRunner: QueryRunner };

/**
 * Calls functions when the caller's transaction commits, and drops them when it rolls back. If a savepoint rolls back,
 * its functions still run after the commit; they find no rows and do nothing.
 */
@Injectable()
export class CommitSubscriber implements EntitySubscriberInterface, OnModuleDestroy {
  private readonly waiting = new WeakMap<QueryRunner, (() => void)[]>();

  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  onModuleDestroy(): void {
    this.database.unsubscribe(this);
  }

  afterCommit(queryRunner: QueryRunner, callback: () => void): void {
    this.database.subscribe(this);
    const callbacks = this.waiting.get(queryRunner);
    if (callbacks) callbacks.push(callback);
    else this.waiting.set(queryRunner, [callback]);
  }

  afterTransactionCommit({ queryRunner }: TransactionEvent): void {
    for (const callback of this.take(queryRunner)) callback();
  }

  afterTransactionRollback({ queryRunner }: TransactionEvent): void {
    this.take(queryRunner);
  }

  /** Returns nothing while an outer transaction is open: that one decides. */
  private take(queryRunner: QueryRunner): (() => void)[] {
    if (queryRunner.isTransactionActive) return [];
    const callbacks = this.waiting.get(queryRunner) ?? [];
    this.waiting.delete(queryRunner);
    return callbacks;
  }
}
