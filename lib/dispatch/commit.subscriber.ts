import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { EntitySubscriberInterface, QueryRunner } from 'typeorm';
import { WebhooksDatabase } from '../persistence/sql/webhooks-database.js';

type TransactionEvent = { readonly queryRunner: QueryRunner };

/**
 * Runs what waits for a caller's transaction the moment it commits, and drops it when it rolls back. A savepoint
 * that is rolled back takes its rows along; what was to be pushed of them finds nothing, which does no harm.
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

  /** Nothing while an outer transaction is still open: that one decides. */
  private take(queryRunner: QueryRunner): (() => void)[] {
    if (queryRunner.isTransactionActive) return [];
    const callbacks = this.waiting.get(queryRunner) ?? [];
    this.waiting.delete(queryRunner);
    return callbacks;
  }
}
