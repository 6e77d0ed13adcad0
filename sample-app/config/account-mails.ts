import { EnvironmentError } from './environment.error.js';

/** A simple address, which can't end a line or an address in a mail. */
const ADDRESS = /^[\w.+-]+@[\w.-]+$/;

export interface MailSettings {
  /** `smtp://user:password@host:port`, or `smtps:`. */
  readonly url: string;
  readonly from: string;
}

/** `SMTP_URL` and `MAIL_FROM`. @throws EnvironmentError */
export function mailSettings(url: string | undefined, from: string | undefined): MailSettings | undefined {
  if (url === undefined) return undefined;
  const sender = from || 'webhooks@roundabout.example';
  if (!ADDRESS.test(sender))
    throw new EnvironmentError('MAIL_FROM', 'must be an address such as webhooks@example.com.');
  return { url, from: sender };
}

/** `ACCOUNT_EMAILS`. @throws EnvironmentError */
export function accountMails(pairs: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    pairs.map((pair, index) => {
      const [, account, address = ''] = /^([^:]+):(.*)$/.exec(pair) ?? [];
      if (account !== undefined && ADDRESS.test(address)) return [account, address] as const;
      throw new EnvironmentError(
        'ACCOUNT_EMAILS',
        `must be account:address pairs such as acme:dev@acme.example, entry ${index + 1} is none.`,
      );
    }),
  );
}
