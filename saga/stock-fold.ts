import type { BuyerLimitSet, EpochStarted, OrderOutcome, StockAdjusted } from '../schemas/events';
import type { BuyerUnits, ItemStock, Order, OrderRecord, StartedEpoch } from './ports';

/**
 * The log folded into what the stock store must hold: stock per item, units per buyer, decisions by key.
 * It is the only way a generation of the store begins.
 */

export type OutcomeReading =
  /** The first valid outcome of its key. */
  | { readonly kind: 'first'; readonly record: Exclude<OrderRecord, { state: 'RESERVED' }> }
  | { readonly kind: 'repeat' }
  /** Rule R5: decided by an epoch that was over; it counts for nobody, for ever. */
  | { readonly kind: 'void' }
  | { readonly kind: 'marker' };

/** Rule R5: outcomes of an older epoch than the newest marker before them in their partition are void. */
export const isVoid = (outcome: OrderOutcome, newestMarker: number): boolean => outcome.epoch < newestMarker;

export const recordOf = (event: OrderOutcome): Exclude<OrderRecord, { state: 'RESERVED' }> => {
  if (event.type === 'OrderCompleted') {
    const { request_id, user_id, item_id, amount } = event;
    const order = { key: request_id, userId: user_id, itemId: item_id, amount };
    return { state: 'COMPLETED', atMs: event.completed_at, order, paymentId: event.payment_id };
  }
  const { request_id, user_id, item_id, amount } = event;
  const order =
    user_id === null || item_id === null || amount === null
      ? undefined
      : { key: request_id, userId: user_id, itemId: item_id, amount };
  const { failed_at: atMs, reason, detail } = event;
  return { state: 'FAILED', atMs, key: request_id, order, reason, detail };
};

type Refusal = Pick<Extract<OrderRecord, { state: 'FAILED' }>, 'reason' | 'detail'>;

/** `left` is below 0 when units were taken out that were sold already; then nothing is left. */
export const soldOutDetail = (amount: number, left: number): string =>
  `asked for ${amount}, ${Math.max(left, 0)} left`;

export const overLimitDetail = (amount: number, held: number, unitsMax: number): string =>
  `asked for ${amount}, holds ${held} of at most ${unitsMax}`;

interface ItemCount {
  total: number;
  reserved: number;
  sold: number;
  unitsMax: number | null;
  /** Units held and bought, by buyer. */
  readonly buyers: Map<string, number>;
}

interface PartitionFold {
  newestMarker: number;
  readonly decided: Set<string>;
}

/** An order that waits in payment-retries; absent when it is poison whose refusal waits there. */
export interface Postponed {
  readonly key: string;
  readonly order: Order | undefined;
  /** Its item was not on sale when the broker appended the original request. */
  readonly isOffSale: boolean;
}

const addUnits = ({ buyers }: ItemCount, { userId, amount }: Order): void => {
  buyers.set(userId, (buyers.get(userId) ?? 0) + amount);
};

/** Fed with each partition's records in their order; partitions may be mixed. */
export class StockFold {
  private readonly itemCounts = new Map<string, ItemCount>();
  private readonly commands = new Set<string>();
  private readonly partitions = new Map<number, PartitionFold>();
  private readonly epochs = new Map<number, number>();
  private readonly unresolvedVoids = new Set<string>();
  private readonly waiting = new Set<string>();
  private voidEvents = 0;
  private oldestAtMs: number | undefined;

  outcome(partition: number, event: OrderOutcome | EpochStarted, appendedAtMs: number): OutcomeReading {
    const fold = this.partition(partition);
    if (event.type === 'EpochStarted') {
      fold.newestMarker = Math.max(fold.newestMarker, event.epoch);
      this.epochs.set(event.epoch, Math.min(this.epochs.get(event.epoch) ?? appendedAtMs, appendedAtMs));
      return { kind: 'marker' };
    }
    if (isVoid(event, fold.newestMarker)) {
      this.voidEvents += 1;
      if (!fold.decided.has(event.request_id)) this.unresolvedVoids.add(event.request_id);
      return { kind: 'void' };
    }
    if (fold.decided.has(event.request_id)) return { kind: 'repeat' };
    fold.decided.add(event.request_id);
    if (this.unresolvedVoids.size > 0) this.unresolvedVoids.delete(event.request_id);
    this.oldestAtMs = Math.min(this.oldestAtMs ?? appendedAtMs, appendedAtMs);
    const record = recordOf(event);
    this.countSold(record);
    return { kind: 'first', record };
  }

  /** Of commands that took effect: a repeat of one, or one that was overtaken, is not for this fold. */
  adjustment(event: StockAdjusted | BuyerLimitSet): void {
    this.commands.add(event.command_id);
    const item = this.item(event.item_id);
    if (event.type === 'StockAdjusted') item.total += event.delta;
    else item.unitsMax = event.units_max;
  }

  /**
   * What an order that waits in payment-retries is in the new generation, when the log has no outcome of it: it keeps
   * its place, so that no later order takes its units and no later record under its key overtakes it. Call it after
   * all outcomes and adjustments, in the order of the topic; undefined when there is nothing to keep.
   */
  postponed({ key, order, isOffSale }: Postponed, atMs: number): OrderRecord | undefined {
    if (this.waiting.has(key) || this.isDecided(key)) return undefined;
    if (!order) {
      this.waiting.add(key);
      return { state: 'FAILED', atMs, key, order, reason: 'UNPROCESSABLE', detail: null };
    }
    if (isOffSale) {
      this.waiting.add(key);
      return { state: 'FAILED', atMs, key, order, reason: 'SALE_CLOSED', detail: null };
    }
    this.waiting.add(key);
    const refusal = this.refusal(this.itemCounts.get(order.itemId), order);
    if (refusal) return { state: 'FAILED', atMs, key, order, ...refusal };
    const item = this.item(order.itemId);
    item.reserved += order.amount;
    addUnits(item, order);
    return { state: 'RESERVED', atMs, order };
  }

  items(): readonly ItemStock[] {
    return [...this.itemCounts].map(([itemId, { total, reserved, sold, unitsMax }]) => ({
      itemId,
      total,
      available: total - sold - reserved,
      reserved,
      sold,
      unitsMax,
    }));
  }

  buyers(): readonly BuyerUnits[] {
    return [...this.itemCounts].flatMap(([itemId, { buyers }]) =>
      Array.from(buyers, ([userId, units]) => ({ itemId, userId, units })),
    );
  }

  commandIds(): readonly string[] {
    return [...this.commands];
  }

  /** Every epoch with a marker, with the broker time of its first one. */
  startedEpochs(): readonly StartedEpoch[] {
    return [...this.epochs].map(([epoch, startedAtMs]) => ({ epoch, startedAtMs }));
  }

  /** Broker time of the oldest valid outcome; undefined when there is none. */
  oldestOutcomeAtMs(): number | undefined {
    return this.oldestAtMs;
  }

  /** Void outcomes met, and how many orders have nothing but void ones so far. */
  voids(): { readonly events: number; readonly unresolved: number } {
    return { events: this.voidEvents, unresolved: this.unresolvedVoids.size };
  }

  private item(itemId: string): ItemCount {
    const known = this.itemCounts.get(itemId);
    if (known) return known;
    const fresh: ItemCount = { total: 0, reserved: 0, sold: 0, unitsMax: null, buyers: new Map() };
    this.itemCounts.set(itemId, fresh);
    return fresh;
  }

  private partition(partition: number): PartitionFold {
    const known = this.partitions.get(partition);
    if (known) return known;
    const fresh: PartitionFold = { newestMarker: -1, decided: new Set() };
    this.partitions.set(partition, fresh);
    return fresh;
  }

  /** As the store decides: limit before stock. The record may be of an order that another epoch never reserved. */
  private refusal(item: ItemCount | undefined, order: Order): Refusal | undefined {
    const { amount } = order;
    // Only a refusal waits for an item without stock, until an earlier epoch's charge is cancelled for certain.
    if (!item) return { reason: 'UNKNOWN_ITEM', detail: null };
    const units = item.buyers.get(order.userId) ?? 0;
    if (item.unitsMax !== null && units + amount > item.unitsMax) {
      return { reason: 'LIMIT_EXCEEDED', detail: overLimitDetail(amount, units, item.unitsMax) };
    }
    const left = item.total - item.sold - item.reserved;
    return left < amount ? { reason: 'SOLD_OUT', detail: soldOutDetail(amount, left) } : undefined;
  }

  private isDecided(key: string): boolean {
    return [...this.partitions.values()].some(({ decided }) => decided.has(key));
  }

  private countSold(record: OrderRecord): void {
    if (record.state !== 'COMPLETED') return;
    const item = this.item(record.order.itemId);
    item.sold += record.order.amount;
    addUnits(item, record.order);
  }
}
