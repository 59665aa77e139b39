import type { FailureReason } from '../../schemas/events';
import type {
  Adjusted,
  Adjustment,
  BuyerUnits,
  Current,
  DecideRequest,
  Decision,
  ItemStock,
  KeptOrder,
  Memory,
  Order,
  OrderRecord,
  Settled,
  SettleRequest,
} from '../ports';
import { overLimitDetail, soldOutDetail } from '../stock-fold';
import { payloadText } from './record';

/** The scripts' twins: what each .lua file does, on plain maps, with details recorded. */

export interface KeptRecord {
  readonly record: OrderRecord;
  readonly payload: string;
  expiresAtMs?: number;
}

interface Stock {
  total: number;
  available: number;
  reserved: number;
  sold: number;
  unitsMax: number | null;
}

export interface MemoryGeneration {
  readonly orders: Map<string, KeptRecord>;
  readonly items: Map<string, Stock>;
  readonly buyers: Map<string, number>;
  readonly adjusted: Map<number, number>;
  readonly commands: Set<string>;
}

export const emptyGeneration = (): MemoryGeneration => ({
  orders: new Map(),
  items: new Map(),
  buyers: new Map(),
  adjusted: new Map(),
  commands: new Set(),
});

/** What `cur` holds. */
export type MemoryCurrent = Current & { readonly rememberedSinceMs: number };

const buyerOf = ({ itemId, userId }: Pick<Order, 'itemId' | 'userId'>): string => `${itemId} ${userId}`;

const find = (it: MemoryGeneration, key: string, nowMs: number): KeptRecord | undefined => {
  const kept = it.orders.get(key);
  if (kept?.expiresAtMs === undefined || kept.expiresAtMs > nowMs) return kept;
  it.orders.delete(key);
  return undefined;
};

type Refusal = Pick<Extract<OrderRecord, { state: 'FAILED' }>, 'reason' | 'detail'>;

const refusal = (reason: FailureReason, detail: string | null = null): Refusal => ({ reason, detail });

const refusalByStock = (it: MemoryGeneration, order: Order, stock: Stock): Refusal | undefined => {
  const units = it.buyers.get(buyerOf(order)) ?? 0;
  const { amount } = order;
  if (stock.unitsMax !== null && units + amount > stock.unitsMax) {
    return refusal('LIMIT_EXCEEDED', overLimitDetail(amount, units, stock.unitsMax));
  }
  const left = stock.available;
  return left < amount ? refusal('SOLD_OUT', soldOutDetail(amount, left)) : undefined;
};

/** What a new order comes to: a refusal, an item to wait for, or stock to reserve. */
const judgeNew = (
  it: MemoryGeneration,
  { order, appendedAtMs, stockIsCurrent, isOffSale }: DecideRequest,
  { memory, nowMs }: DecideFacts,
): Refusal | 'unknown-item' | { readonly order: Order; readonly stock: Stock } => {
  if (!order) return refusal('UNPROCESSABLE');
  if (nowMs - appendedAtMs > memory.horizonMs) return refusal('EXPIRED');
  if (isOffSale) return refusal('SALE_CLOSED');
  const stock = it.items.get(order.itemId);
  if (!stock) return stockIsCurrent ? refusal('UNKNOWN_ITEM') : 'unknown-item';
  return refusalByStock(it, order, stock) ?? { order, stock };
};

const reserve = (it: MemoryGeneration, order: Order, stock: Stock): void => {
  stock.available -= order.amount;
  stock.reserved += order.amount;
  it.buyers.set(buyerOf(order), (it.buyers.get(buyerOf(order)) ?? 0) + order.amount);
};

const repeated = (kept: KeptRecord, order: Order | undefined): Decision => {
  if (order && kept.payload !== payloadText(order)) return { kind: 'conflict' };
  return { kind: 'decided', isNew: false, emitted: kept.expiresAtMs !== undefined, record: kept.record };
};

export interface DecideFacts {
  readonly memory: Memory;
  readonly nowMs: number;
  readonly rememberedSinceMs: number;
}

/** decide.lua for one order. */
export const decideOne = (it: MemoryGeneration, request: DecideRequest, facts: DecideFacts): Decision => {
  const { memory, nowMs } = facts;
  const { key, order } = request;
  const kept = find(it, key, nowMs);
  if (kept) return repeated(kept, order);
  const forgets = nowMs - facts.rememberedSinceMs > memory.horizonMs;
  if (forgets && nowMs - request.absentThroughMs > memory.horizonMs) {
    return { kind: 'unsure', storeNowMs: nowMs };
  }
  const put = (record: OrderRecord): Decision => {
    it.orders.set(key, { record, payload: payloadText(order) });
    return { kind: 'decided', isNew: true, emitted: false, record };
  };
  const verdict = judgeNew(it, request, facts);
  if (verdict === 'unknown-item') return { kind: 'unknown-item' };
  if ('reason' in verdict) return put({ state: 'FAILED', atMs: nowMs, key, order, ...verdict });
  reserve(it, verdict.order, verdict.stock);
  return put({ state: 'RESERVED', atMs: nowMs, order: verdict.order });
};

const giveBack = (it: MemoryGeneration, order: Order): void => {
  it.buyers.set(buyerOf(order), (it.buyers.get(buyerOf(order)) ?? 0) - order.amount);
};

/** settle.lua for one order. */
export const settleOne = (
  it: MemoryGeneration,
  { order, outcome }: SettleRequest,
  nowMs: number,
): Settled => {
  const kept = find(it, order.key, nowMs);
  if (!kept) return { kind: 'missing' };
  const before = kept.record;
  if (before.state !== 'RESERVED') {
    return { kind: 'settled', emitted: kept.expiresAtMs !== undefined, record: before };
  }
  const record: OrderRecord =
    outcome.state === 'COMPLETED'
      ? { state: 'COMPLETED', atMs: nowMs, order: before.order, paymentId: outcome.paymentId }
      : { ...outcome, atMs: nowMs, key: order.key, order: before.order };
  it.orders.set(order.key, { record, payload: kept.payload });
  const stock = it.items.get(order.itemId);
  if (stock) {
    const { amount } = before.order;
    stock.reserved -= amount;
    stock[outcome.state === 'COMPLETED' ? 'sold' : 'available'] += amount;
  }
  if (outcome.state === 'FAILED') giveBack(it, { ...order, amount: before.order.amount });
  return { kind: 'settled', emitted: false, record };
};

/** emitted.lua for one record. */
export const emittedOne = (it: MemoryGeneration, key: string, expiresAtMs: number): void => {
  const kept = it.orders.get(key);
  if (kept && kept.record.state !== 'RESERVED') kept.expiresAtMs = expiresAtMs;
};

const itemOf = (it: MemoryGeneration, itemId: string): Stock => {
  const known = it.items.get(itemId);
  if (known) return known;
  const fresh: Stock = { total: 0, available: 0, reserved: 0, sold: 0, unitsMax: null };
  it.items.set(itemId, fresh);
  return fresh;
};

const applyChange = (it: MemoryGeneration, change: Adjustment['change']): void => {
  if (change.kind === 'skip' || it.commands.has(change.commandId)) return;
  it.commands.add(change.commandId);
  const stock = itemOf(it, change.itemId);
  if (change.kind === 'limit') {
    stock.unitsMax = change.unitsMax;
    return;
  }
  stock.total += change.delta;
  stock.available += change.delta;
};

/** adjust.lua. */
export const adjustAll = (
  it: MemoryGeneration,
  partition: number,
  adjustments: readonly Adjustment[],
): Adjusted => {
  let next = it.adjusted.get(partition) ?? 0;
  for (const { offset, change } of adjustments) {
    if (offset > next) return { kind: 'gap', next };
    if (offset < next) continue;
    applyChange(it, change);
    next += 1;
    it.adjusted.set(partition, next);
  }
  return { kind: 'applied', next };
};

/** load_items.lua. */
export const loadItems = (
  it: MemoryGeneration,
  items: readonly ItemStock[],
  buyers: readonly BuyerUnits[],
): void => {
  for (const { itemId, ...stock } of items) it.items.set(itemId, { ...stock });
  for (const buyer of buyers) it.buyers.set(buyerOf(buyer), buyer.units);
};

/** load_orders.lua for one record. */
export const loadOrder = (it: MemoryGeneration, { record, keepForMs }: KeptOrder, nowMs: number): void => {
  const key = record.state === 'FAILED' ? record.key : record.order.key;
  const kept: KeptRecord = { record, payload: payloadText(record.order) };
  it.orders.set(key, keepForMs === undefined ? kept : { ...kept, expiresAtMs: nowMs + keepForMs });
};

/** audit.lua. */
export const auditAll = (it: MemoryGeneration): readonly ItemStock[] =>
  [...it.items].map(([itemId, stock]) => ({ itemId, ...stock }));
