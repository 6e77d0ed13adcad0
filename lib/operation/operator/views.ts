// What the operator's services give, and their routes answer with. Times are ISO 8601, durations are ms.

export type { OperatorWorkerView } from './views/worker.view.js';
