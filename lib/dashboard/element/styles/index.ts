import { base } from './base.js';
import { controls } from './controls.js';
import { detail } from './detail.js';
import { events } from './events.js';
import { forcedColors } from './forced-colors.js';
import { form } from './form.js';
import { layout } from './layout.js';
import { list } from './list.js';
import { log } from './log.js';
import { overlay } from './overlay.js';
import { table } from './table.js';
import { tokens } from './tokens.js';

/** One sheet for the whole dashboard: its views render into one shadow root. */
export const styles = [
  tokens,
  base,
  controls,
  layout,
  table,
  overlay,
  list,
  form,
  detail,
  log,
  events,
  forcedColors,
];
