/** A webhook of another sender, as it is to be here. */
export interface MovedWebhook {
  /** Whose it is; `''` in an app with no tenants. */
  readonly tenant: string;
  readonly url: string;
  /** Event types, as the catalogue here has them; left out: all. */
  readonly events?: readonly string[];
  /** What its server verifies with. */
  readonly secret: string;
  /** Default: the host of the URL. */
  readonly name?: string;
  readonly description?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly rateLimit?: number | null;
  /** Default: true. */
  readonly active?: boolean;
}
