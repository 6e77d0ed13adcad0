import { find } from './find.mjs';

/** This browser has no windows. A window would cost most of a second of CPU for each page of a test. */
const SHELL = 'chromium-headless-shell';

/**
 * The programs that the tests start by themselves. Each kind has the environment variable that names one, the packages
 * that hold it, and
 * - `find()`: its programs on this machine, `main` being the one to start, or undefined;
 * - `isSecondBest(programs)`: whether what `apt` names does the same for less;
 * - `versionArgs`: makes it print its version and end, which shows that it runs.
 */
export const programKinds = [
  {
    name: 'Chromium',
    variable: 'TEST_CHROMIUM',
    example: '/path/to/chrome',
    apt: SHELL,
    cask: 'chromium',
    find: () => {
      const linux = [
        SHELL,
        'chrome-headless-shell',
        'chromium',
        'chromium-browser',
        'google-chrome',
        'google-chrome-stable',
      ];
      const main = find(...linux, 'Chromium', 'Google Chrome');
      return main && { main };
    },
    isSecondBest: ({ main }) => !main.endsWith('headless-shell'),
    versionArgs: ['--version'],
  },
];
