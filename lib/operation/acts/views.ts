// What operators' acts give, and their routes answer with. Times are ISO 8601, durations are ms.

export type { OperatorJobView } from './views/job.view.js';
export type { OperatorSettingsView } from './views/tenant-settings.view.js';
export type { OperatorPauseView } from './views/pause.view.js';
