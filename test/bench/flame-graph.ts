// Draws a V8 CPU profile as a flame graph, on the standard output:
//     node .bench/bench/flame-graph.js c-postgres.cpuprofile 'After' > after.svg
// Start-up and idle time are left out; a package, or a folder of ours, is one frame.
import { readFileSync } from 'node:fs';

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
    readonly children?: readonly number[];
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface Frame {
  readonly name: string;
  readonly ours: boolean;
  time: number;
  readonly children: Map<string, Frame>;
}

const WIDTH = 960;
const ROW = 18;
const LEAST_SHARE = 0.004;
const CHARACTER = 6.3;
const START_UP = /^(evaluate|Module\.|loadAndTranslate|instantiate|resolve|compile|cjsPreparse)/;

const [file = '', title = ''] = process.argv.slice(2);
const root = frames(JSON.parse(readFileSync(file, 'utf8')) as Profile);
process.stdout.write(svg(root, title));

function frames({ nodes, samples, timeDeltas }: Profile): Frame {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const all = newFrame('all', false);
  for (const [index, sample] of samples.entries()) {
    const stack: { name: string; ours: boolean }[] = [];
    let leftOut = false;
    for (let id: number | undefined = sample; id !== undefined; id = parents.get(id)) {
      const { functionName, url } = byId.get(id)!.callFrame;
      leftOut ||= functionName === '(idle)' || START_UP.test(functionName);
      const frame = named(functionName, url, id === sample);
      if (frame && stack.at(-1)?.name !== frame.name) stack.push(frame);
    }
    if (!leftOut) add(all, stack.toReversed(), timeDeltas[index] ?? 0);
  }
  return all;
}

/** Node's own frames tell little; those of engine and kernel are named where they end a stack. */
function named(
  functionName: string,
  url: string,
  ends: boolean,
): { name: string; ours: boolean } | undefined {
  const library = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (library) return { name: library, ours: false };
  const own = /\/dist\/(.+)\.js$/.exec(url)?.[1];
  if (own) return { name: own, ours: true };
  if (url.includes('.bench')) return { name: 'bench', ours: false };
  if (url.includes('internal/crypto')) return { name: 'node:crypto', ours: false };
  if (functionName === '(garbage collector)') return { name: 'garbage collector', ours: false };
  if (url === '' && ends && /^[a-z]/i.test(functionName)) return { name: functionName, ours: false };
  return undefined;
}

function newFrame(name: string, ours: boolean): Frame {
  return { name, ours, time: 0, children: new Map() };
}

function add(frame: Frame, stack: readonly { name: string; ours: boolean }[], time: number): void {
  frame.time += time;
  const [first, ...rest] = stack;
  if (!first) return;
  const child = frame.children.get(first.name) ?? newFrame(first.name, first.ours);
  frame.children.set(first.name, child);
  add(child, rest, time);
}

function svg(all: Frame, text: string): string {
  const rects: string[] = [];
  let depth = 0;
  const draw = (frame: Frame, x: number, level: number): void => {
    const share = frame.time / all.time;
    if (share < LEAST_SHARE) return;
    depth = Math.max(depth, level);
    rects.push(rect(frame, share, x, level));
    let left = x;
    for (const child of [...frame.children.values()].toSorted((a, b) => b.time - a.time)) {
      draw(child, left, level + 1);
      left += (child.time / all.time) * WIDTH;
    }
  };
  draw(all, 0, 1);
  const height = (depth + 1) * ROW + 4;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="11">
<rect width="${WIDTH}" height="${height}" fill="#fff"/><text x="4" y="13" font-weight="bold">${escaped(text)}</text>
${rects.join('\n')}
</svg>
`;
}

function rect({ name, ours }: Frame, share: number, x: number, level: number): string {
  const width = share * WIDTH;
  const label = `${name} ${(share * 100).toFixed(1)} %`;
  const shown = label.slice(0, Math.max(0, Math.floor((width - 6) / CHARACTER)));
  const [y, fill] = [level * ROW, ours ? '#f5c07a' : '#c9d7e8'];
  const box = `<rect x="${x.toFixed(1)}" y="${y}" width="${Math.max(width - 0.6, 0.4).toFixed(1)}" height="${ROW - 1}" fill="${fill}"/>`;
  const caption =
    shown.length > 2 ? `<text x="${(x + 3).toFixed(1)}" y="${y + 12}">${escaped(shown)}</text>` : '';
  return `<g><title>${escaped(label)}</title>${box}${caption}</g>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
