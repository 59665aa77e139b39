import { InfrastructureError } from '../../chassis/kafka/log';
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
  Opening,
  Order,
  OrderRecord,
  Settled,
  SettleRequest,
  Stale,
  StockConnection,
  StockConnector,
} from '../ports';
import { payloadText } from './record';

interface Kept {
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

interface Generation {
  readonly orders: Map<string, Kept>;
  readonly items: Map<string, Stock>;
  readonly buyers: Map<string, number>;
  readonly adjusted: Map<number, number>;
  readonly commands: Set<string>;
}

/** Everything a server holds; a copy of it is what a server that lost its tail comes back with. */
export interface MemoryState {
  current: (Current & { readonly rememberedSinceMs: number }) | undefined;
  readonly generations: Map<number, Generation>;
  lease: { readonly holder: string; readonly untilMs: number } | undefined;
}

export const emptyState = (): MemoryState => ({
  current: undefined,
  generations: new Map(),
  lease: undefined,
});

const copyGeneration = (generation: Generation): Generation => ({
  orders: new Map([...generation.orders].map(([key, kept]) => [key, { ...kept }])),
  items: new Map([...generation.items].map(([itemId, stock]) => [itemId, { ...stock }])),
  buyers: new Map(generation.buyers),
  adjusted: new Map(generation.adjusted),
  commands: new Set(generation.commands),
});

export const copyState = (state: MemoryState): MemoryState => ({
  current: state.current,
  lease: state.lease,
  generations: new Map([...state.generations].map(([epoch, it]) => [epoch, copyGeneration(it)])),
});

const emptyGeneration = (): Generation => ({
  orders: new Map(),
  items: new Map(),
  buyers: new Map(),
  adjusted: new Map(),
  commands: new Set(),
});

const buyerOf = ({ itemId, userId }: Pick<Order, 'itemId' | 'userId'>): string => `${itemId} ${userId}`;

/**
 * The scripts' twin: the same words, the same answers, in memory. One of it is one server process; `restart` makes it
 * another one, with whatever state it came back with.
 */
export class MemoryStock implements StockConnector {
  state = emptyState();
  runId = 'run-1';
  private starts = 1;
  private readonly nowMs: () => number;

  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  restart(state: MemoryState = this.state): void {
    this.state = copyState(state);
    this.starts += 1;
    this.runId = `run-${this.starts}`;
  }

  connect(): Promise<StockConnection> {
    return Promise.resolve(new MemoryConnection(this, this.runId));
  }

  now(): number {
    return this.nowMs();
  }

  generation(epoch: number): Generation {
    const known = this.state.generations.get(epoch);
    if (known) return known;
    const fresh = emptyGeneration();
    this.state.generations.set(epoch, fresh);
    return fresh;
  }

  isOpenAt(epoch: number): boolean {
    return this.state.current?.epoch === epoch && this.state.current.open;
  }

  isLoadingAt(epoch: number): boolean {
    return this.state.current?.epoch === epoch && !this.state.current.open;
  }
}

const recordOf = (
  request: DecideRequest,
  atMs: number,
  refusal: 'UNPROCESSABLE' | 'EXPIRED' | 'UNKNOWN_ITEM' | 'LIMIT_EXCEEDED' | 'SOLD_OUT',
): OrderRecord => ({ state: 'FAILED', atMs, key: request.key, order: request.order, reason: refusal });

/** decide.lua for one order. */
const decideOne = (server: MemoryStock, it: Generation, request: DecideRequest, memory: Memory): Decision => {
  const now = server.now();
  const { key, order } = request;
  const kept = it.orders.get(key);
  if (kept && (kept.expiresAtMs ?? Infinity) > now) {
    if (order && kept.payload !== payloadText(order)) return { kind: 'conflict' };
    return { kind: 'decided', isNew: false, emitted: kept.expiresAtMs !== undefined, record: kept.record };
  }
  const record = (made: OrderRecord): Decision => {
    it.orders.set(key, { record: made, payload: payloadText(order) });
    return { kind: 'decided', isNew: true, emitted: false, record: made };
  };
  const forgets = now - (server.state.current?.rememberedSinceMs ?? 0) > memory.horizonMs;
  if (forgets && now - request.absentThroughMs > memory.horizonMs) return { kind: 'unsure', storeNowMs: now };
  if (!order) return record(recordOf(request, now, 'UNPROCESSABLE'));
  if (now - request.appendedAtMs > memory.horizonMs) return record(recordOf(request, now, 'EXPIRED'));
  const stock = it.items.get(order.itemId);
  if (!stock) {
    return request.stockIsCurrent ? record(recordOf(request, now, 'UNKNOWN_ITEM')) : { kind: 'unknown-item' };
  }
  const units = it.buyers.get(buyerOf(order)) ?? 0;
  if (stock.unitsMax !== null && units + order.amount > stock.unitsMax) {
    return record(recordOf(request, now, 'LIMIT_EXCEEDED'));
  }
  if (stock.available < order.amount) return record(recordOf(request, now, 'SOLD_OUT'));
  stock.available -= order.amount;
  stock.reserved += order.amount;
  it.buyers.set(buyerOf(order), units + order.amount);
  return record({ state: 'RESERVED', atMs: now, order });
};

/** settle.lua for one order. */
const settleOne = (server: MemoryStock, it: Generation, { order, outcome }: SettleRequest): Settled => {
  const kept = it.orders.get(order.key);
  if (!kept || (kept.expiresAtMs ?? Infinity) <= server.now()) return { kind: 'missing' };
  if (kept.record.state !== 'RESERVED') {
    return { kind: 'settled', emitted: kept.expiresAtMs !== undefined, record: kept.record };
  }
  const atMs = server.now();
  const record: OrderRecord =
    outcome.state === 'COMPLETED'
      ? { state: 'COMPLETED', atMs, order: kept.record.order, paymentId: outcome.paymentId }
      : { state: 'FAILED', atMs, key: order.key, order: kept.record.order, reason: outcome.reason };
  it.orders.set(order.key, { record, payload: kept.payload });
  const stock = it.items.get(order.itemId);
  if (stock) {
    stock.reserved -= order.amount;
    stock[outcome.state === 'COMPLETED' ? 'sold' : 'available'] += order.amount;
  }
  if (outcome.state === 'FAILED') {
    it.buyers.set(buyerOf(order), (it.buyers.get(buyerOf(order)) ?? 0) - order.amount);
  }
  return { kind: 'settled', emitted: false, record };
};

const applyAdjustment = (it: Generation, { change }: Adjustment): void => {
  if (change.kind === 'skip' || it.commands.has(change.commandId)) return;
  it.commands.add(change.commandId);
  const stock = it.items.get(change.itemId) ?? {
    total: 0,
    available: 0,
    reserved: 0,
    sold: 0,
    unitsMax: null,
  };
  it.items.set(change.itemId, stock);
  if (change.kind === 'limit') {
    stock.unitsMax = change.unitsMax;
    return;
  }
  stock.total += change.delta;
  stock.available += change.delta;
};

const toItem = ([itemId, stock]: [string, Stock]): ItemStock => ({ itemId, ...stock });

class MemoryConnection implements StockConnection {
  readonly closed: Promise<void>;
  private markClosed: () => void = () => undefined;
  private isClosed = false;
  private readonly server: MemoryStock;
  private readonly runId: string;

  constructor(server: MemoryStock, runId: string) {
    this.server = server;
    this.runId = runId;
    this.closed = new Promise((resolve) => {
      this.markClosed = resolve;
    });
  }

  disconnect(): void {
    this.isClosed = true;
    this.markClosed();
  }

  serverRunId(): Promise<string> {
    return this.run(() => this.runId);
  }

  current(): Promise<Current | undefined> {
    return this.run(() => this.server.state.current);
  }

  decide(
    epoch: number,
    requests: readonly DecideRequest[],
    memory: Memory,
  ): Promise<Stale | readonly Decision[]> {
    return this.whenOpen(epoch, (it) =>
      requests.map((request) => decideOne(this.server, it, request, memory)),
    );
  }

  settle(epoch: number, requests: readonly SettleRequest[]): Promise<Stale | readonly Settled[]> {
    return this.whenOpen(epoch, (it) => requests.map((request) => settleOne(this.server, it, request)));
  }

  emitted(epoch: number, keys: readonly string[], recordTtlMs: number): Promise<Stale | 'marked'> {
    return this.whenOpen(epoch, (it) => {
      for (const key of keys) {
        const kept = it.orders.get(key);
        if (kept && kept.record.state !== 'RESERVED') kept.expiresAtMs = this.server.now() + recordTtlMs;
      }
      return 'marked' as const;
    });
  }

  adjust(epoch: number, partition: number, adjustments: readonly Adjustment[]): Promise<Stale | Adjusted> {
    return this.whenOpen(epoch, (it): Adjusted => {
      let next = it.adjusted.get(partition) ?? 0;
      for (const adjustment of adjustments) {
        if (adjustment.offset > next) return { kind: 'gap', next };
        if (adjustment.offset < next) continue;
        applyAdjustment(it, adjustment);
        next += 1;
        it.adjusted.set(partition, next);
      }
      return { kind: 'applied', next };
    });
  }

  adjusted(epoch: number): Promise<ReadonlyMap<number, number>> {
    return this.run(() => new Map(this.server.state.generations.get(epoch)?.adjusted ?? []));
  }

  close(epoch: number, runId: string): Promise<boolean> {
    return this.run(() => {
      if ((this.server.state.current?.epoch ?? -1) > epoch) return false;
      this.server.state.current = { epoch, open: false, runId, startedEpochs: [], rememberedSinceMs: 0 };
      return true;
    });
  }

  loadItems(
    epoch: number,
    items: readonly ItemStock[],
    buyers: readonly BuyerUnits[],
  ): Promise<Stale | 'loaded'> {
    return this.whenLoading(epoch, (it) => {
      for (const { itemId, ...stock } of items) it.items.set(itemId, { ...stock });
      for (const buyer of buyers) it.buyers.set(buyerOf(buyer), buyer.units);
    });
  }

  loadCommandIds(epoch: number, commandIds: readonly string[]): Promise<Stale | 'loaded'> {
    return this.whenLoading(epoch, (it) => commandIds.forEach((id) => it.commands.add(id)));
  }

  loadOrders(epoch: number, orders: readonly KeptOrder[]): Promise<Stale | 'loaded'> {
    return this.whenLoading(epoch, (it) => {
      for (const { record, keepForMs } of orders) {
        const order = record.state === 'FAILED' ? record.order : record.order;
        const key = record.state === 'FAILED' ? record.key : record.order.key;
        const expiresAtMs = this.server.now() + keepForMs;
        it.orders.set(key, { record, payload: payloadText(order), expiresAtMs });
      }
    });
  }

  open(epoch: number, runId: string, opening: Opening): Promise<boolean> {
    return this.run(() => {
      const current = this.server.state.current;
      if (current?.epoch !== epoch || current.open || current.runId !== runId) return false;
      for (const [partition, next] of opening.adjusted) {
        this.server.generation(epoch).adjusted.set(partition, next);
      }
      const { startedEpochs, rememberedSinceMs } = opening;
      this.server.state.current = { epoch, open: true, runId, startedEpochs, rememberedSinceMs };
      return true;
    });
  }

  sweep(epoch: number): Promise<void> {
    return this.run(() => {
      for (const other of this.server.state.generations.keys()) {
        if (other < epoch) this.server.state.generations.delete(other);
      }
    });
  }

  lease(holder: string, forMs: number): Promise<boolean> {
    return this.run(() => {
      const { lease } = this.server.state;
      if (lease && lease.holder !== holder && lease.untilMs > this.server.now()) return false;
      this.server.state.lease = { holder, untilMs: this.server.now() + forMs };
      return true;
    });
  }

  audit(epoch: number): Promise<Stale | readonly ItemStock[]> {
    return this.whenOpen(epoch, (it) => [...it.items].map(toItem));
  }

  private whenOpen<T>(epoch: number, work: (generation: Generation) => T): Promise<Stale | T> {
    return this.run(() => (this.server.isOpenAt(epoch) ? work(this.server.generation(epoch)) : 'stale'));
  }

  private whenLoading(epoch: number, work: (generation: Generation) => void): Promise<Stale | 'loaded'> {
    return this.run(() => {
      if (!this.server.isLoadingAt(epoch)) return 'stale';
      work(this.server.generation(epoch));
      return 'loaded';
    });
  }

  /** A connection reaches the server process it was made to, and no later one. */
  private async run<T>(work: () => T): Promise<T> {
    if (this.isClosed || this.runId !== this.server.runId) {
      this.disconnect();
      throw new InfrastructureError('the connection to the stock store is closed');
    }
    return work();
  }
}
