import type { LogRecord } from '../../chassis/kafka/log';
import type { EventCodec } from '../../schemas/codec';
import { testCodec } from './written-log';
import type { TopicName } from '../../schemas/topics';

/**
 * What the views must hold, worked out from a whole log at once and in another way than the projector: no batches, no
 * cursors, no state between calls. It shares the codec with the projector, and nothing else.
 */
export interface ExpectedOrder {
  readonly status: string;
  readonly user_id: string | null;
  readonly item_id: string | null;
  readonly amount: number | null;
  readonly request_offset: number | null;
  readonly outcome_offset: number | null;
}

export interface ExpectedItem {
  readonly pending: number;
  readonly sold: number;
  readonly pending_orders: number;
  readonly completed_orders: number;
  readonly failed_orders: number;
}

export interface Expected {
  readonly orders: Readonly<Record<string, ExpectedOrder>>;
  readonly items: Readonly<Record<string, ExpectedItem>>;
  /** Places of records that changed nothing, void ones marked. */
  readonly setAside: readonly string[];
}

type Decoder = Pick<EventCodec, 'decode'>;
type Decoded = { readonly record: LogRecord } & ReturnType<Decoder['decode']>;

const inPartition = (records: readonly LogRecord[], topic: string): Map<number, LogRecord[]> => {
  const partitions = new Map<number, LogRecord[]>();
  const ours = records.filter((record) => record.topic === topic).toSorted((a, b) => a.offset - b.offset);
  for (const record of ours) {
    partitions.set(record.partition, [...(partitions.get(record.partition) ?? []), record]);
  }
  return partitions;
};

const decodeWith =
  (codec: Decoder) =>
  (record: LogRecord): Decoded => ({
    record,
    ...codec.decode(record.topic as TopicName, record.value),
  });

/** Such an event would be another order's: nobody folds it. */
const isUnderForeignKey = (record: LogRecord, requestId: string): boolean =>
  record.key?.toString('utf8') !== requestId;

const place = (record: LogRecord): string => `${record.topic}:${record.partition}:${record.offset}`;

interface Mutable {
  request?: { record: LogRecord; user_id: string; item_id: string; amount: number };
  outcome?: {
    record: LogRecord;
    status: string;
    user_id: string | null;
    item_id: string | null;
    amount: number | null;
  };
}

const readRequests = (
  records: readonly LogRecord[],
  codec: Decoder,
  orders: Map<string, Mutable>,
  aside: string[],
): void => {
  for (const partition of inPartition(records, 'order-requests').values()) {
    for (const { record, ...decoded } of partition.map(decodeWith(codec))) {
      if (decoded.kind !== 'event' || decoded.event.type !== 'OrderRequested') continue;
      if (isUnderForeignKey(record, decoded.event.request_id)) continue;
      const { request_id, user_id, item_id, amount } = decoded.event;
      const order = orders.get(request_id) ?? {};
      if (order.request) aside.push(place(record));
      else orders.set(request_id, { ...order, request: { record, user_id, item_id, amount } });
    }
  }
};

const readOutcomes = (
  records: readonly LogRecord[],
  codec: Decoder,
  orders: Map<string, Mutable>,
  aside: string[],
): void => {
  for (const partition of inPartition(records, 'order-outcomes').values()) {
    let fence = -1;
    for (const { record, ...decoded } of partition.map(decodeWith(codec))) {
      if (decoded.kind !== 'event') continue;
      const { event } = decoded;
      if (event.type === 'EpochStarted') fence = Math.max(fence, event.epoch);
      if (event.type !== 'OrderCompleted' && event.type !== 'OrderFailed') continue;
      if (isUnderForeignKey(record, event.request_id)) continue;
      if (event.epoch < fence) {
        aside.push(`${place(record)} void`);
        continue;
      }
      const order = orders.get(event.request_id) ?? {};
      const status = event.type === 'OrderCompleted' ? 'COMPLETED' : `FAILED_${event.reason}`;
      const { user_id, item_id, amount } = event;
      if (order.outcome) aside.push(place(record));
      else orders.set(event.request_id, { ...order, outcome: { record, status, user_id, item_id, amount } });
    }
  }
};

const countItems = (orders: Iterable<Mutable>): Record<string, ExpectedItem> => {
  const items: Record<string, { -readonly [K in keyof ExpectedItem]: number }> = {};
  const item = (id: string): (typeof items)[string] =>
    (items[id] ??= { pending: 0, sold: 0, pending_orders: 0, completed_orders: 0, failed_orders: 0 });
  for (const { request, outcome } of orders) {
    if (request && !outcome) {
      item(request.item_id).pending += request.amount;
      item(request.item_id).pending_orders += 1;
    }
    if (!outcome?.item_id) continue;
    if (outcome.status === 'COMPLETED') {
      item(outcome.item_id).sold += outcome.amount ?? 0;
      item(outcome.item_id).completed_orders += 1;
    } else item(outcome.item_id).failed_orders += 1;
  }
  return items;
};

const expectedOf = ({ request, outcome }: Mutable): ExpectedOrder => {
  const { user_id, item_id, amount } = request ?? outcome ?? { user_id: null, item_id: null, amount: null };
  return {
    status: outcome?.status ?? 'PENDING',
    user_id,
    item_id,
    amount,
    request_offset: request?.record.offset ?? null,
    outcome_offset: outcome?.record.offset ?? null,
  };
};

/** @param codec of the registry that the records were written with */
export const foldIndependently = (records: readonly LogRecord[], codec: Decoder = testCodec): Expected => {
  const orders = new Map<string, Mutable>();
  const aside: string[] = [];
  readRequests(records, codec, orders, aside);
  readOutcomes(records, codec, orders, aside);
  return {
    orders: Object.fromEntries([...orders].map(([id, order]) => [id, expectedOf(order)])),
    items: countItems(orders.values()),
    setAside: aside.toSorted(),
  };
};
