import { beforeAll, describe, expect, it } from 'vitest';
import { runSnippet, SNIPPET_LANGUAGES, type SnippetLanguage } from '../support/documented-snippets.js';
import { casesAt } from '../support/signature-cases.js';
import { isInstalled } from '../support/snippet-folder.js';

const GUIDE = new URL('../../docs/how-to/verifying-signatures.md', import.meta.url);
/** A cold Go compiles net/http first, a cold Rust its crates. */
const RUN_TIMEOUT_MS = 600_000;

const casesOf = ({ schemes, parses }: SnippetLanguage, now = Math.floor(Date.now() / 1_000)) =>
  schemes.flatMap((scheme) =>
    casesAt(now)
      .filter((one) => (one.scheme ?? scheme) === scheme && !(parses && one.bytes))
      .map((one) => ({ ...one, scheme })),
  );

for (const language of SNIPPET_LANGUAGES) {
  describe(`the guide's code for ${language.heading}`, () => {
    const [interpreter] = language.probe;
    if (!isInstalled(language.probe)) {
      console.log(
        `${interpreter} is not installed here: the guide's code for ${language.heading} is not run.`,
      );
      it(`can not be run, for ${interpreter} is not installed here`, () => {
        expect(isInstalled(language.probe)).toBe(false);
      });
      return;
    }

    let accepted: readonly boolean[] = [];
    let missing: string | undefined;
    beforeAll(() => {
      missing = language.getLibraries?.();
      if (missing === undefined) accepted = runSnippet(language, GUIDE, () => casesOf(language));
    }, RUN_TIMEOUT_MS);

    for (const [index, one] of casesOf(language).entries()) {
      it(`${one.accepted ? 'accepts' : 'refuses'} ${one.title} (${one.scheme})`, ({ skip }) => {
        if (missing !== undefined) skip(missing);
        expect(accepted[index]).toBe(one.accepted);
      });
    }
  });
}
