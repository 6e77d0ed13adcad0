import { define } from './define.js';
import { WebhooksChart } from './parts/chart.js';
import { WebhooksCopyButton } from './parts/copy-button.js';
import { CurlView } from './parts/curl.js';
import { WebhooksEventPicker } from './parts/event-picker.js';
import { WebhooksFilterEditor } from './parts/filter-editor.js';
import { WebhooksModal } from './parts/modal.js';
import { WebhooksLater } from './parts/later.js';
import { WebhooksLanguages } from './parts/language-tabs.js';
import { WebhooksToasts } from './parts/toasts.js';
import { CreatedDialogView } from './views/created-dialog.view.js';
import { DeleteDialogView } from './views/delete-dialog.view.js';
import { DeliveryDetailView } from './views/delivery-detail.view.js';
import { DeliveryListView } from './views/delivery-list.view.js';
import { EventDetailView } from './views/event-detail.view.js';
import { EventListView } from './views/event-list.view.js';
import { EventTypesView } from './views/event-types.view.js';
import { GuideView } from './views/guide.view.js';
import { MissedView } from './views/missed.view.js';
import { RecoverView } from './views/recover.view.js';
import { RotateDialogView } from './views/rotate-dialog.view.js';
import { SecretView } from './views/secret.view.js';
import { SelectionView } from './views/selection.view.js';
import { WebhookDetailView } from './views/webhook-detail.view.js';
import { WebhookFormView } from './views/webhook-form.view.js';
import { WebhookListView } from './views/webhook-list.view.js';
import { WebhookOverviewView } from './views/webhook-overview.view.js';
import { WebhookSettingsView } from './views/webhook-settings.view.js';
import { WebhookTestView } from './views/webhook-test.view.js';
import { WebhooksDashboard } from './webhooks-dashboard.js';

define({
  'webhooks-chart': WebhooksChart,
  'webhooks-copy-button': WebhooksCopyButton,
  'webhooks-modal': WebhooksModal,
  'webhooks-event-picker': WebhooksEventPicker,
  'webhooks-filter-editor': WebhooksFilterEditor,
  'webhooks-later': WebhooksLater,
  'webhooks-languages': WebhooksLanguages,
  'webhooks-toasts': WebhooksToasts,
  'webhooks-form': WebhookFormView,
  'webhooks-created-dialog': CreatedDialogView,
  'webhooks-test': WebhookTestView,
  'webhooks-settings': WebhookSettingsView,
  'webhooks-secret': SecretView,
  'webhooks-rotate-dialog': RotateDialogView,
  'webhooks-delete-dialog': DeleteDialogView,
  'webhooks-detail': WebhookDetailView,
  'webhooks-overview': WebhookOverviewView,
  'webhooks-delivery-list': DeliveryListView,
  'webhooks-delivery': DeliveryDetailView,
  'webhooks-curl': CurlView,
  'webhooks-recover': RecoverView,
  'webhooks-missed': MissedView,
  'webhooks-selection': SelectionView,
  'webhooks-event-list': EventListView,
  'webhooks-event': EventDetailView,
  'webhooks-event-types': EventTypesView,
  'webhooks-guide': GuideView,
  'webhooks-list': WebhookListView,
  'webhooks-dashboard': WebhooksDashboard,
});

export { WebhooksDashboard };
