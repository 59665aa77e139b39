import { InfrastructureError, type LogRecord, type RecordsHandler } from '../chassis/kafka/log';
import type { Decoded, EventCodec } from '../schemas/codec';
import type { DomainEvent, ItemEvent } from '../schemas/events';
import type { ItemFollower } from '../schemas/follow-items';
import { topics } from '../schemas/topics';
import { bury, type Burial, type BuryParts } from './bury';
import type { EpochFence } from './epoch-fence';
import type { Gate, Session } from './gate';
import type { Adjustment } from './ports';
import { Trouble } from './send-noted';
import { WrittenLetters } from './written-letters';

export interface AdjustmentHandlerParts extends Omit<BuryParts, 'written' | 'trouble'> {
  readonly codec: EventCodec;
  readonly gate: Gate;
  /** Says which commands took effect. */
  readonly items: ItemFollower;
  readonly fence: EpochFence;
}

const gateWaitMs = 2_000;

const nothing = { kind: 'skip' } as const;

interface Read {
  readonly adjustment: Adjustment;
  readonly burial?: Burial;
}

const isItemEvent = (event: DomainEvent): event is ItemEvent =>
  event.type === 'StockAdjusted' || event.type === 'BuyerLimitSet' || event.type === 'SaleChanged';

/** Whether an item is on sale is looked up in the log, order by order; the store need not know. */
const changeOf = (event: ItemEvent): Adjustment['change'] => {
  switch (event.type) {
    case 'StockAdjusted':
      return { kind: 'stock', commandId: event.command_id, itemId: event.item_id, delta: event.delta };
    case 'BuyerLimitSet':
      return { kind: 'limit', commandId: event.command_id, itemId: event.item_id, unitsMax: event.units_max };
    case 'SaleChanged':
      return { kind: 'skip' };
  }
};

const whyBuried = (decoded: Decoded): Omit<Burial, 'record'> => {
  switch (decoded.kind) {
    case 'poison':
      return { reason: decoded.reason, detail: decoded.detail };
    case 'unknown-schema':
      return { reason: 'UNKNOWN_SCHEMA', detail: `schema id ${decoded.schemaId} cannot be learned` };
    case 'event':
      return { reason: 'FOREIGN_TYPE', detail: decoded.event.type };
  }
};

const readOne = async (codec: EventCodec, items: ItemFollower, record: LogRecord): Promise<Read> => {
  const topic = topics.stockAdjustments.name;
  const { offset } = record;
  let decoded = codec.decode(topic, record.value);
  if (decoded.kind === 'unknown-schema') {
    await codec.learn(decoded.schemaId);
    decoded = codec.decode(topic, record.value);
  }
  if (decoded.kind === 'event' && isItemEvent(decoded.event)) {
    const { event } = decoded;
    const change = items.ledger.tookEffectAt(record, event.command_id) ? changeOf(event) : nothing;
    return { adjustment: { offset, change } };
  }
  return { adjustment: { offset, change: nothing }, burial: { record, ...whyBuried(decoded) } };
};

const apply = async (
  parts: AdjustmentHandlerParts,
  session: Session,
  records: readonly Adjustment[],
  partition: number,
): Promise<void> => {
  const adjusted = await session.connection.adjust(session.generation.epoch, partition, records);
  parts.atStep('after-adjust');
  const isStale = adjusted === 'stale' || (await parts.fence.newestClaim()) !== session.generation.epoch;
  if (isStale) {
    parts.gate.suspect(session);
    throw new InfrastructureError('the stock store has changed hands');
  }
  if (adjusted.kind === 'gap') {
    throw new Error(
      `stock-adjustments:${partition} is applied up to ${adjusted.next} only; a new start goes on from there`,
    );
  }
};

/**
 * Applies stock adjustments of one partition in their order. Each takes effect once: its offset must be the next one
 * of the store, and its command new. As with outcomes (rule R6) it counts only when nobody has claimed a newer epoch by
 * then: a server that lost a failover takes adjustments too, and the newer generation would never see them. A record that is none goes to the dead-letter topic and is stepped over.
 */
export const createAdjustmentHandler = (parts: AdjustmentHandlerParts): RecordsHandler => {
  const written = new WrittenLetters();
  return async (records) => {
    const [first] = records;
    if (!first) return 0;
    const session = await parts.gate.session(gateWaitMs);
    await parts.items.catchUp();
    const read = await Promise.all(records.map((record) => readOne(parts.codec, parts.items, record)));
    const trouble = new Trouble();
    const isBuried = await bury(
      { ...parts, written, trouble },
      read.flatMap(({ burial }) => burial ?? []),
    );
    if (isBuried.includes(false))
      throw trouble.last ?? new InfrastructureError('the dead-letter topic takes no record');
    const adjustments = read.map(({ adjustment }) => adjustment);
    await apply(parts, session, adjustments, first.partition);
    return records.length;
  };
};

/** Where a partition goes on: the store knows, not the group's offsets. `undefined` while the store is closed. */
export const adjustmentsStartAt =
  (gate: Gate) =>
  async (_topic: string, partition: number): Promise<number | undefined> => {
    const session = gate.peek();
    if (!session) return undefined;
    return (await session.connection.adjusted(session.generation.epoch)).get(partition);
  };
