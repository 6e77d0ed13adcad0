import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { EntitySubscriberInterface, QueryRunner } from 'typeorm';
import { WebhooksDatabase } from '../persistence/sql/webhooks-database.js';

type TransactionEvent = { readonly queryRunner: QueryRunner };

/**
 * Runs what waits for a caller's transaction the moment it commits, and drops it when it rolls back. A savepoint
 * that is rolled back takes its rows along; what was to be pushed of them finds nothing, which does no harm.
 */
@Injectable()
export class CommitSubscriber implements EntitySubscriberInterface, OnModuleInit, OnModuleDestroy {
  private unsubscribe = (): void => undefined;
  private readonly waiting = new WeakMap<QueryRunner, (() => void)[]>();

  constructor(@Inject(WebhooksDatabase) private readonly database: WebhooksDatabase) {}

  onModuleInit(): void {
    // Nest calls it twice for some hybrid apps.
    this.unsubscribe();
    this.unsubscribe = this.database.subscribe(this);
  }

  onModuleDestroy(): void {
    this.unsubscribe();
  }

  afterCommit(queryRunner: QueryRunner, callback: () => void): void {
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
