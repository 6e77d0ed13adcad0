import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const { packages } = JSON.parse(
  readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
) as { packages: Record<string, { resolved?: string; link?: boolean }> };

it('the lockfile names each tarball, as the public registry does', () => {
  const others = Object.entries(packages).filter(
    ([path, { resolved }]) => path !== '' && !resolved?.startsWith('https://registry.npmjs.org/'),
  );
  expect(others).toEqual([]);
});
