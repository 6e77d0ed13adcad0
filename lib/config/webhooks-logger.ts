import { Logger } from '@nestjs/common';
import { singleLine } from '../domain/shown-text.js';

/**
 * The log of this package. Messages of databases, of the app's listeners and of payload classes may contain what
 * customers wrote. Here they can neither begin a line of their own, nor control a terminal, nor fill the disk. It never
 * throws, whatever the app's logger does.
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

  /** Logs an unexpected error with its stack. */
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
    // There is nowhere left to report it.
  }
}
