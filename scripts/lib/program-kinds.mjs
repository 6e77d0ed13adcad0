import { find } from './find.mjs';

/**
 * The programs that the tests start by themselves. Each kind has the environment variable that names one, the packages
 * that hold it, and
 * - `find()`: its programs on this machine, `main` being the one to start, or undefined;
 * - `versionArgs`: makes it print its version and end, which shows that it runs.
 */
export const programKinds = [
  {
    name: 'Chromium',
    variable: 'TEST_CHROMIUM',
    example: '/path/to/chrome',
    apt: 'chromium',
    cask: 'chromium',
    find: () => {
      const linux = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
      const main = find(...linux, 'Chromium', 'Google Chrome');
      return main && { main };
    },
    versionArgs: ['--version'],
  },
];
