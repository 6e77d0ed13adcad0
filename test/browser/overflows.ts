import type { Page } from 'playwright-core';

/**
 * What sticks out of its container, or out of the window, in the document of the page's first frame: one line for each
 * element, with the widths of the frame at which it does. What scrolls sideways by itself, and text that ends in an
 * ellipsis, may.
 */
export const overflowsAt = (page: Page, widths: readonly number[]): Promise<string[]> =>
  page.evaluate(measure, widths);

/** In the page. */
async function measure(widths: readonly number[]): Promise<string[]> {
  const frame = document.querySelector('iframe')!;
  const inner = frame.contentDocument!;
  const view = frame.contentWindow as Window & typeof globalThis;
  const SLACK = 1.5;
  /** Code and tables of numbers are read by scrolling. */
  const SCROLLERS = 'pre, .chart-table, .guide-table, .chips.unfolded';
  const found = new Map<string, number[]>();

  const note = (name: string, what: string, width: number): void => {
    const line = `${name} ${what}`;
    found.set(line, [...(found.get(line) ?? []), width]);
  };
  const nameOf = (element: Element): string => {
    const name = element.localName + [...element.classList].map((part) => `.${part}`).join('');
    const text = element.textContent?.trim().replaceAll(/\s+/g, ' ').slice(0, 30);
    return text ? `${name} "${text}"` : name;
  };
  const parentOf = (element: Element): Element | null =>
    element.parentElement ?? (element.getRootNode() as ShadowRoot).host ?? null;

  const look = (element: Element, width: number): void => {
    const style = view.getComputedStyle(element);
    if (style.display === 'none' || style.clipPath !== 'none' || element.matches('option, optgroup')) return;
    const box = element.getBoundingClientRect();
    if (box.width > 0 && style.display !== 'contents') {
      if (box.left < -SLACK || box.right > width + SLACK) {
        // What is in it is out as well.
        note(nameOf(element), 'is out of the window', width);
        return;
      }
      const parent = parentOf(element);
      if (parent && style.position !== 'absolute' && style.position !== 'fixed') {
        const outer = parent.getBoundingClientRect();
        const isBox = !['inline', 'contents'].includes(view.getComputedStyle(parent).display);
        const [before, after] = [style.marginLeft, style.marginRight].map((margin) =>
          Math.min(0, parseFloat(margin)),
        );
        if (
          isBox &&
          outer.width > 0 &&
          (box.left < outer.left + before! - SLACK || box.right > outer.right - after! + SLACK)
        ) {
          note(nameOf(element), `is out of ${nameOf(parent).split(' ')[0]}`, width);
        }
      }
      const isCut = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
      const hides = style.overflowX !== 'visible' && !isCut;
      const isField = element.matches('input, textarea, select, svg, .sr-only');
      if (
        hides &&
        !isField &&
        !element.matches(SCROLLERS) &&
        element.scrollWidth > element.clientWidth + SLACK
      ) {
        note(nameOf(element), 'is cut off', width);
      }
      if (element.localName === 'svg') return;
    }
    if (element.matches(SCROLLERS)) return;
    for (const child of element.shadowRoot?.children ?? element.children) look(child, width);
  };

  /** A script draws them anew when their width has changed: it hears of that before we do, who ask later. */
  const drawn = (chart: Element): Promise<void> =>
    new Promise((resolve) => {
      const observer = new view.ResizeObserver(() => {
        observer.disconnect();
        resolve();
      });
      observer.observe(chart);
    });

  const root = inner.querySelector('webhooks-dashboard')!.shadowRoot!;
  for (const width of widths) {
    frame.style.width = `${width}px`;
    const charts = root.querySelector('webhooks-chart');
    // Twice: the first time they learn of their width.
    if (charts) {
      await drawn(charts);
      await drawn(charts);
    }
    look(inner.body, width);
    if (inner.scrollingElement!.scrollWidth > width) note('the page', 'scrolls sideways', width);
  }
  return [...found].map(([line, at]) => `${line}, at ${at[0]} to ${at.at(-1)} px`);
}
