/** `npm run test:all` sets TEST_FULL=1 to run all combinations, even those that find nothing new. */
export const IS_FULL_RUN = process.env['TEST_FULL'] === '1';

/** The combinations of every run, and with TEST_FULL=1 the others, too. */
export const daily = <const Each extends readonly unknown[], const Other extends readonly unknown[]>(
  each: Each,
  ...others: Other
): readonly (Each[number] | Other[number])[] => (IS_FULL_RUN ? [...each, ...others] : each);
