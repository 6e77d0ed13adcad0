import type { WebhookPageView } from '../../management/views.js';
import { listOf, named, nullable, object, text, type SchemaOf } from '../schema.js';

export const page = <View>(name: string, view: SchemaOf<View>): SchemaOf<WebhookPageView<View>> =>
  named(
    name,
    object<WebhookPageView<View>>('One page of a list.', {
      data: listOf(view, 'The newest first.'),
      nextCursor: nullable(text('For the `cursor` of the next page; `null` on the last one.')),
    }),
  );
