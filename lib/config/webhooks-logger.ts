import { Logger } from '@nestjs/common';
import { singleLine } from '../domain/shown-text.js';

/**
 * The log of this package. Messages of databases, of the app's listeners and of payload classes hold what customers
 * wrote: here they can neither begin a line of their own, nor steer a terminal, nor fill the disk.
 */
export class WebhooksLogger extends Logger {
  constructor() {
    super('Webhooks');
  }

  override warn(message: string): void {
    super.warn(singleLine(message));
  }

  override error(message: string): void {
    super.error(singleLine(message));
  }

  /** What nobody expected, with where it came from. */
  unexpected(error: unknown): void {
    if (!(error instanceof Error)) return this.error(String(error));
    const { name, message, stack = '' } = error;
    const frames = stack.slice(stack.indexOf(message) + message.length).match(/^ +at .*$/gm) ?? [];
    super.error([singleLine(`${name}: ${message}`), ...frames].join('\n'));
  }
}
