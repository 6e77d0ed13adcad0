/** A webhook of another sender, in the form that it will have here. */
export interface MovedWebhook {
  /** Its owner; `''` in an app without tenants. */
  readonly tenant: string;
  readonly url: string;
  /** Event types of the catalogue here; left out: all. */
  readonly events?: readonly string[];
  /** The secret that its server verifies with. */
  readonly secret: string;
  /** Default: the host of the URL. */
  readonly name?: string;
  readonly description?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly rateLimit?: number | null;
  /** Default: true. */
  readonly active?: boolean;
}
