import { define } from '../define.js';
import { WebhooksChart } from '../parts/chart.js';
import { WebhooksCopyButton } from '../parts/copy-button.js';
import { WebhooksModal } from '../parts/modal.js';
import { WebhooksToasts } from '../parts/toasts.js';
import { de } from '../texts/de.js';
import { addEnglish } from '../texts/language.js';
import { operatorGerman } from '../texts/operator.de.js';
import { operatorTexts } from '../texts/operator.en.js';
import { problemTexts } from '../texts/problems.en.js';
import { ship } from '../texts/shipped.js';
import { ChartsView } from './charts.view.js';
import { QuestionView } from './question.view.js';
import { AuditView } from './views/audit.view.js';
import { DeliveriesView } from './views/deliveries.view.js';
import { DeliveryView } from './views/delivery.view.js';
import { EndpointView } from './views/endpoint.view.js';
import { EndpointsView } from './views/endpoints.view.js';
import { EventView } from './views/event.view.js';
import { JobFormView } from './views/job-form.view.js';
import { JobView } from './views/job.view.js';
import { JobsView } from './views/jobs.view.js';
import { NowView } from './views/now.view.js';
import { SearchView } from './views/search.view.js';
import { SettingsView } from './views/settings.view.js';
import { TenantView } from './views/tenant.view.js';
import { TenantsView } from './views/tenants.view.js';
import { WebhooksOperatorElement } from './webhooks-operator.js';

addEnglish({ ...operatorTexts, ...problemTexts });
ship('de', { ...de, ...operatorGerman });

define({
  'webhooks-chart': WebhooksChart,
  'webhooks-copy-button': WebhooksCopyButton,
  'webhooks-modal': WebhooksModal,
  'webhooks-toasts': WebhooksToasts,
  'webhooks-operator-question': QuestionView,
  'webhooks-operator-charts': ChartsView,
  'webhooks-operator-now': NowView,
  'webhooks-operator-tenants': TenantsView,
  'webhooks-operator-tenant': TenantView,
  'webhooks-operator-settings': SettingsView,
  'webhooks-operator-endpoints': EndpointsView,
  'webhooks-operator-endpoint': EndpointView,
  'webhooks-operator-deliveries': DeliveriesView,
  'webhooks-operator-delivery': DeliveryView,
  'webhooks-operator-event': EventView,
  'webhooks-operator-search': SearchView,
  'webhooks-operator-jobs': JobsView,
  'webhooks-operator-job': JobView,
  'webhooks-operator-job-form': JobFormView,
  'webhooks-operator-audit': AuditView,
  'webhooks-operator': WebhooksOperatorElement,
});

export { WebhooksOperatorElement };
