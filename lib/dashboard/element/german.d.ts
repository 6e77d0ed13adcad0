import type { DashboardText, DashboardTextKey } from './public.js';

/** The German texts. Importing them is enough: the dashboards of the page have German from then on. */
declare const de: Readonly<Record<DashboardTextKey, DashboardText>>;
export default de;
