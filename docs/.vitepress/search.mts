import type { DefaultTheme } from 'vitepress';

/**
 * How the site ranks what a reader searches for. VitePress writes these functions into the pages as text, so each uses nothing from
 * outside itself.
 */
export const searchOptions: NonNullable<DefaultTheme.LocalSearchOptions['miniSearch']>['searchOptions'] = {
  fuzzy: 0.2,
  prefix: true,
  boost: { title: 4, text: 2, titles: 1 },
  // Otherwise "how to" and "is" decide, since long sections have them often.
  processTerm: (term) =>
    /^(an?|the|is|are|was|be|to|of|in|on|at|by|for|from|with|and|or|how|do|does|i|we|my|our|its?|this|that|what|why|when|can|has|have)$/i.test(
      term,
    )
      ? null
      : term.toLowerCase(),
  // The generated pages name every method, and would come before what explains them.
  boostDocument: (page) => (String(page).includes('/reference/api/') ? 0.3 : 1),
};
