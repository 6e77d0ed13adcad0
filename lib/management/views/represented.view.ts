/** An event in the form of an endpoint. */
export interface WebhookRepresentedView {
  contentType: string;
  /** Those that come with the form, beside the headers of every request. */
  headers: Record<string, string>;
  /** The exact text that is sent. */
  body: string;
}
