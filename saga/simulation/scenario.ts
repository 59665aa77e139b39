import type { NewRecord } from '../../chassis/kafka/log';
import type { EventCodec } from '../../schemas/codec';
import type { DomainEvent, OrderRequested, SaleMode } from '../../schemas/events';
import { topics, type TopicName } from '../../schemas/topics';
import type { Random } from './random';

/** What happens to a sale from outside: records for the log, with the step at which each is written. */
export interface Scenario {
  /** In the log before anything starts. */
  readonly before: readonly NewRecord[];
  readonly during: readonly { readonly atStep: number; readonly record: NewRecord }[];
}

const ordersCount = 8;
export const scarceItem = 'scarce';
const plentyItem = 'plenty';

const recordOf = (codec: EventCodec, topic: TopicName, key: string, event: DomainEvent): NewRecord => ({
  topic,
  key,
  value: codec.encode(topic, event),
});

const poison = Buffer.from('not an event');

const drawOrder = (random: Random, index: number): OrderRequested => ({
  type: 'OrderRequested',
  request_id: `r${index}`,
  user_id: `u${random.integer(4)}`,
  item_id: random.chance(0.85) ? scarceItem : plentyItem,
  amount: random.chance(0.8) ? 1 : 2,
  requested_at: 1,
  sales_channel: null,
});

/** An order, and what else may turn up under its key. */
const drawRequests = (codec: EventCodec, random: Random, index: number): readonly NewRecord[] => {
  const topic = topics.orderRequests.name;
  const order = drawOrder(random, index);
  const record = recordOf(codec, topic, order.request_id, order);
  const other = recordOf(codec, topic, order.request_id, { ...order, amount: order.amount + 1 });
  const bad: NewRecord = { topic, key: order.request_id, value: poison };
  return [
    ...(random.chance(0.05) ? [bad] : []),
    record,
    ...(random.chance(0.2) ? [record] : []),
    ...(random.chance(0.08) ? [other] : []),
    ...(random.chance(0.04) ? [bad] : []),
  ];
};

export const drawScenario = (codec: EventCodec, random: Random, steps: number): Scenario => {
  const stocked = 1 + random.integer(4);
  const unitsMax = random.chance(0.3) ? 1 + random.integer(2) : null;
  const adjust = (commandId: string, itemId: string, delta: number): NewRecord =>
    recordOf(codec, topics.stockAdjustments.name, itemId, {
      type: 'StockAdjusted',
      item_id: itemId,
      delta,
      reason: 'simulation',
      command_id: commandId,
      actor: 'simulation',
      adjusted_at: 1,
      expected_version: null,
    });
  const limit = recordOf(codec, topics.stockAdjustments.name, scarceItem, {
    type: 'BuyerLimitSet',
    item_id: scarceItem,
    units_max: unitsMax,
    command_id: 'limit',
    actor: 'simulation',
    set_at: 1,
    reason: null,
  });
  const sale = (version: number, mode: SaleMode): NewRecord =>
    recordOf(codec, topics.stockAdjustments.name, scarceItem, {
      type: 'SaleChanged',
      item_id: scarceItem,
      action: 'OTHER',
      mode,
      opens_at: null,
      closes_at: null,
      expected_version: version,
      reason: null,
      command_id: `sale-${version}-${mode}`,
      actor: 'simulation',
      changed_at: 1,
    });
  /** The last one is overtaken: two operators at once. */
  const sales = random.chance(0.5)
    ? [sale(0, 'PAUSED'), sale(1, 'OPEN'), sale(2, random.chance(0.5) ? 'CLOSED' : 'OPEN'), sale(2, 'PAUSED')]
    : [];
  const late = (record: NewRecord) => ({ atStep: random.integer(steps), record });
  const orders = Array.from({ length: ordersCount }, (_, index) => drawRequests(codec, random, index));
  const inOrder = (records: readonly NewRecord[]) => {
    const at = records.map(() => random.integer(steps)).sort((a, b) => a - b);
    return records.map((record, index) => ({ atStep: at[index] ?? 0, record }));
  };
  const keyless: NewRecord = { topic: topics.orderRequests.name, key: null, value: poison };
  const during = [
    ...orders.flatMap(inOrder),
    ...inOrder(sales),
    late(adjust('plenty', plentyItem, 20)),
    ...(random.chance(0.4) ? [late(adjust('more', scarceItem, 1)), late(adjust('more', scarceItem, 1))] : []),
    ...(random.chance(0.05) ? [late(keyless)] : []),
  ];
  return {
    before: [adjust('seed', scarceItem, stocked), limit, adjust('seed', scarceItem, stocked)],
    during: during.sort((a, b) => a.atStep - b.atStep),
  };
};
