/** Output of the command scripts: one line for each step, with the seconds that it took. */

export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** A failure with a message for the reader, who does not need its stack. */
export class CommandFailure extends Error {
  /** @param {string} output what the command printed, shown under the failed step */
  constructor(message, output = '') {
    super(message);
    this.output = output;
  }
}

/**
 * Runs `work` and prints its name, its outcome and its duration. The text that `work` resolves to is added in brackets.
 * Rethrows what `work` throws, after printing it.
 */
export async function step(name, work) {
  const startedAt = performance.now();
  const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  try {
    const note = await work();
    say(`✓ ${name}  ${seconds()}${note ? `  (${note})` : ''}`);
  } catch (error) {
    say(`✗ ${name}  ${seconds()}`);
    tell(error, indent);
    throw error;
  }
}

const told = new WeakSet();

/** Prints an error once, even if several places catch it. */
export function tell(error, format = (text) => text) {
  if (told.has(error)) return;
  told.add(error);
  if (!(error instanceof CommandFailure)) say(format(error.stack));
  else say(format(error.output ? `${error.output.trimEnd()}\n${error.message}` : error.message));
}

function indent(text) {
  return text.replace(/^(?=.)/gm, '    ');
}
