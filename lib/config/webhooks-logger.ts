import { Logger } from '@nestjs/common';
import { singleLine } from '../domain/shown-text.js';

/**
 * The log of this package. Messages of databases, of the app's listeners and of payload classes hold what customers
 * wrote: here they can neither begin a line of their own, nor steer a terminal, nor fill the disk. It never throws, whatever
 * the app's logger does: what is logged has been dealt with.
 */
export class WebhooksLogger extends Logger {
  constructor() {
    super('Webhooks');
  }

  override warn(message: string): void {
    guarded(() => super.warn(singleLine(message)));
  }

  override error(message: string): void {
    guarded(() => super.error(singleLine(message)));
  }

  /** What nobody expected, with where it came from. */
  unexpected(error: unknown): void {
    if (!(error instanceof Error)) return this.error(String(error));
    const { name, message, stack = '' } = error;
    const frames = stack.slice(stack.indexOf(message) + message.length).match(/^ +at .*$/gm) ?? [];
    guarded(() => super.error([singleLine(`${name}: ${message}`), ...frames].join('\n')));
  }
}

function guarded(log: () => void): void {
  try {
    log();
  } catch {
    // There is nowhere left to tell it.
  }
}
