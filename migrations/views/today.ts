import { itemsV2 } from './items-v2';
import { deadLettersV2Indexed } from './letters-by-key';
import { ordersV1Indexed } from './orders-pending';
import type { ViewName, ViewShape } from './view-shape';

/** The shape that this release writes and reads. A change: add a file beside the old one, name it here, rebuild. */
export const viewsToday: Readonly<Record<ViewName, ViewShape>> = {
  orders: ordersV1Indexed,
  items: itemsV2,
  'dead-letters': deadLettersV2Indexed,
};
