import type { WebhookPageView } from '../../management/views.js';
import { listOf, named, nullable, object, text, type SchemaOf } from '../schema.js';

export const page = <View>(
  name: string,
  view: SchemaOf<View>,
  order = 'The newest first.',
): SchemaOf<WebhookPageView<View>> =>
  named(
    name,
    object<WebhookPageView<View>>('One page of a list.', {
      data: listOf(view, order),
      nextCursor: nullable(text('For the `cursor` of the next page; `null` on the last one.')),
    }),
  );
