import { define } from '../define.js';
import { WebhooksChart } from '../parts/chart.js';
import { WebhooksCopyButton } from '../parts/copy-button.js';
import { WebhooksModal } from '../parts/modal.js';
import { WebhooksToasts } from '../parts/toasts.js';
import { de } from '../texts/de.js';
import { addEnglish } from '../texts/language.js';
import { operatorGerman } from '../texts/operator.de.js';
import { operatorTexts } from '../texts/operator.en.js';
import { ship } from '../texts/shipped.js';
import { QuestionView } from './question.view.js';
import { NowView } from './views/now.view.js';
import { WebhooksOperatorElement } from './webhooks-operator.js';

addEnglish(operatorTexts);
ship('de', { ...de, ...operatorGerman });

define({
  'webhooks-chart': WebhooksChart,
  'webhooks-copy-button': WebhooksCopyButton,
  'webhooks-modal': WebhooksModal,
  'webhooks-toasts': WebhooksToasts,
  'webhooks-operator-question': QuestionView,
  'webhooks-operator-now': NowView,
  'webhooks-operator': WebhooksOperatorElement,
});

export { WebhooksOperatorElement };
