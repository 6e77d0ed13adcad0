/** Code for receivers: a function that verifies Standard Webhooks, and in most languages another for the hex header. */
export interface VerificationSample {
  readonly label: string;
  /** The language of a code block in Markdown. */
  readonly fence: string;
  /** The requirements, in Markdown. */
  readonly note: string;
  /** The function for the hex header. */
  readonly hexFunction?: string;
  readonly code: string;
}
