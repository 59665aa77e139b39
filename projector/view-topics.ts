import type { ViewName } from '../migrations/views/view-shape';
import { topics, type TopicName } from '../schemas/topics';

/** What each view is folded from. */
export const viewTopics = {
  orders: [topics.orderRequests.name, topics.orderOutcomes.name],
  items: [topics.stockAdjustments.name],
  'dead-letters': [topics.orderDlq.name, topics.deadLetterCommands.name],
} as const satisfies Readonly<Record<ViewName, readonly TopicName[]>>;
