import { EnvironmentError } from './environment.error.js';

export const DEMO_KEYS: Readonly<Record<string, string>> = { acme: 'demo-acme', globex: 'demo-globex' };
/** The passwords of the demo accounts. The page shows them to everybody. */
export const DEMO_PASSWORDS: Readonly<Record<string, string>> = { acme: 'demo-acme', globex: 'demo-globex' };
/** The operator of the demo, with its key and password. It sees the webhooks of both accounts. */
export const DEMO_OPERATOR: Readonly<Record<string, string>> = { roundabout: 'demo-roundabout' };

const ALL_DEMO_KEYS = { ...DEMO_KEYS, ...DEMO_OPERATOR };
const ALL_DEMO_PASSWORDS = { ...DEMO_PASSWORDS, ...DEMO_OPERATOR };

const ACCOUNT_ID = /^[a-z0-9][a-z0-9-]{0,38}$/;
const SHORTEST_PASSWORD = 8;

export interface AccountKey {
  readonly accountId: string;
  readonly key: string;
}

export interface AccountPassword {
  readonly accountId: string;
  readonly password: string;
}

/** `ACCOUNT_API_KEYS`. @throws EnvironmentError, without the value: it is a key */
export function apiKeys(pairs: readonly string[], demo: boolean): AccountKey[] {
  const fail = (problem: string): never => {
    throw new EnvironmentError('ACCOUNT_API_KEYS', problem);
  };
  const given = pairs.map((pair, index) => {
    const [accountId = '', key = '', ...rest] = pair.split(':');
    if (!ACCOUNT_ID.test(accountId) || !/^[\w.~-]+$/.test(key) || rest.length > 0) {
      fail(`must be account:key pairs such as acme:3f9a…,globex:77c1…, entry ${index + 1} is none.`);
    }
    if (Object.values(ALL_DEMO_KEYS).includes(key))
      fail(`gives ${accountId} a demo key, which everybody knows.`);
    return { accountId, key };
  });
  if (new Set(given.map(({ key }) => key)).size < given.length) fail('holds the same key twice.');
  if (!demo) return given;
  return [...given, ...Object.entries(ALL_DEMO_KEYS).map(([accountId, key]) => ({ accountId, key }))];
}

/** `ACCOUNT_PASSWORDS`. @throws EnvironmentError, without the value: it is a password */
export function accountPasswords(pairs: readonly string[], demo: boolean): AccountPassword[] {
  const fail = (problem: string): never => {
    throw new EnvironmentError('ACCOUNT_PASSWORDS', problem);
  };
  const given = pairs.map((pair, index) => {
    const [, accountId = '', password = ''] = /^([^:]*):(.*)$/s.exec(pair) ?? [];
    if (!ACCOUNT_ID.test(accountId) || password.length < SHORTEST_PASSWORD) {
      fail(
        `must be account:password pairs, passwords of ${SHORTEST_PASSWORD} characters or more, entry ${index + 1} is none.`,
      );
    }
    if (Object.values(ALL_DEMO_PASSWORDS).includes(password)) {
      fail(`gives ${accountId} a demo password, which everybody knows.`);
    }
    return { accountId, password };
  });
  const demoPasswords = demo ? ALL_DEMO_PASSWORDS : {};
  const all = [
    ...given,
    ...Object.entries(demoPasswords).map(([accountId, password]) => ({ accountId, password })),
  ];
  const twice = all.find(
    ({ accountId }, index) => all.findIndex((one) => one.accountId === accountId) < index,
  );
  if (twice && twice.accountId in demoPasswords) {
    fail(`gives ${twice.accountId} a password, and so does DEMO=1.`);
  }
  if (twice) fail(`gives ${twice.accountId} two passwords.`);
  return all;
}

/**
 * `OPERATOR_ACCOUNTS`: the accounts that may see and change the webhooks of all accounts.
 * @throws EnvironmentError for an account that nobody, or everybody, can sign in to
 */
export function operatorAccounts(
  ids: readonly string[],
  demo: boolean,
  known: readonly { readonly accountId: string }[],
): string[] {
  for (const id of ids) {
    if (demo && Object.hasOwn(ALL_DEMO_KEYS, id))
      throw new EnvironmentError('OPERATOR_ACCOUNTS', `names ${id}, whose key everybody knows with DEMO=1.`);
    if (known.some(({ accountId }) => accountId === id)) continue;
    throw new EnvironmentError(
      'OPERATOR_ACCOUNTS',
      `must be accounts with a key or a password such as roundabout,oncall: '${id}' has none.`,
    );
  }
  return demo ? [...ids, ...Object.keys(DEMO_OPERATOR)] : [...ids];
}
