import { CreateWebhooks1700000000000 } from './1700000000000-create-webhooks.js';
import { IndexWaitingDeliveries1700000000001 } from './1700000000001-index-waiting-deliveries.js';
import { EndpointConcurrency1700000000002 } from './1700000000002-endpoint-concurrency.js';
import { Monitoring1700000000003 } from './1700000000003-monitoring.js';
import { EndpointFilter1700000000004 } from './1700000000004-endpoint-filter.js';
import { Representations1700000000005 } from './1700000000005-representations.js';
import { EndpointGates1700000000007 } from './1700000000007-endpoint-gates.js';
import { Operators1700000000008 } from './1700000000008-operators.js';
import { OperatorActs1700000000009 } from './1700000000009-operator-acts.js';
import { Audit1700000000010 } from './1700000000010-audit.js';

/** For the `migrations` of the app's `DataSource`. */
export const webhooksMigrations = [
  CreateWebhooks1700000000000,
  IndexWaitingDeliveries1700000000001,
  EndpointConcurrency1700000000002,
  Monitoring1700000000003,
  EndpointFilter1700000000004,
  Representations1700000000005,
  EndpointGates1700000000007,
  Operators1700000000008,
  OperatorActs1700000000009,
  Audit1700000000010,
];
