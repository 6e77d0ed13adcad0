import type { ChartLook } from './chart-data.js';

export const CHART_TOKENS = [
  'accent',
  'muted',
  'border',
  'background',
  'success',
  'warning',
  'danger',
] as const;
type Token = (typeof CHART_TOKENS)[number];

/** A canvas knows no custom properties and no light-dark(): what they come to is read from elements. */
export type ChartColors = Readonly<Record<Token, string>>;

export function readColors(probes: Iterable<HTMLElement>): ChartColors {
  const colors: Partial<Record<Token, string>> = {};
  for (const probe of probes) colors[probe.dataset['token'] as Token] = getComputedStyle(probe).color;
  return colors as ChartColors;
}

const LOOKS: Record<ChartLook, Token> = {
  succeeded: 'success',
  retrying: 'warning',
  failed: 'danger',
  typical: 'accent',
  slow: 'muted',
};

export const colorOf = (look: ChartLook, colors: ChartColors): string => colors[LOOKS[look]];

/** Plain, with stripes, or with stripes both ways. Opaque: bars are drawn over each other. */
export function fillOf(look: ChartLook, colors: ChartColors): string | CanvasPattern {
  const color = colorOf(look, colors);
  if (look === 'succeeded') return color;
  const size = Math.round(6 * devicePixelRatio);
  const tile = document.createElement('canvas');
  tile.width = tile.height = size;
  const context = tile.getContext('2d');
  if (!context) return color;
  context.fillStyle = color;
  context.fillRect(0, 0, size, size);
  context.strokeStyle = colors.background;
  context.globalAlpha = 0.6;
  context.lineWidth = size / 5;
  context.beginPath();
  stripe(context, size, 1);
  if (look === 'failed') stripe(context, size, -1);
  context.stroke();
  return context.createPattern(tile, 'repeat') ?? color;
}

/** Goes on in the next tile: three parallel lines, of which the corners cut the outer ones. */
function stripe(context: CanvasRenderingContext2D, size: number, slope: 1 | -1): void {
  for (const shift of [-size, 0, size]) {
    context.moveTo(shift - size, slope === 1 ? 2 * size : -size);
    context.lineTo(shift + 2 * size, slope === 1 ? -size : 2 * size);
  }
}
