import type { DashboardText, DashboardTextKey } from './public.js';

/** The German texts. Importing them adds German to all dashboards of the page. */
declare const de: Readonly<Record<DashboardTextKey, DashboardText>>;
export default de;
