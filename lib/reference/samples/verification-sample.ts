/** Code with which a receiver verifies requests: a function for Standard Webhooks, and where it has one, another for the hex header. */
export interface VerificationSample {
  readonly label: string;
  /** The name of the language in a fence of Markdown. */
  readonly fence: string;
  /** What it takes, in Markdown. */
  readonly note: string;
  /** The function for the hex header. */
  readonly hexFunction?: string;
  readonly code: string;
}
