/** `npm run test:all` sets it: the combinations that show nothing new run too. */
export const IS_FULL_RUN = process.env['TEST_FULL'] === '1';

/** The ones for every run; with TEST_FULL=1 also the others. */
export const daily = <const Each extends readonly unknown[], const Other extends readonly unknown[]>(
  each: Each,
  ...others: Other
): readonly (Each[number] | Other[number])[] => (IS_FULL_RUN ? [...each, ...others] : each);
