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
  Settled,
  SettleRequest,
  Stale,
  StockConnection,
  StockConnector,
} from '../ports';
import {
  adjustAll,
  auditAll,
  decideOne,
  emittedOne,
  emptyGeneration,
  loadItems,
  loadOrder,
  settleOne,
  type MemoryCurrent,
  type MemoryGeneration,
} from './memory-scripts';

/** Everything a server holds; a copy of it is what a server that lost its tail comes back with. */
export interface MemoryState {
  current: MemoryCurrent | undefined;
  readonly generations: Map<number, MemoryGeneration>;
  lease: { readonly holder: string; readonly untilMs: number } | undefined;
}

export const emptyState = (): MemoryState => ({
  current: undefined,
  generations: new Map(),
  lease: undefined,
});

const copyGeneration = (it: MemoryGeneration): MemoryGeneration => ({
  orders: new Map(Array.from(it.orders, ([key, kept]) => [key, { ...kept }])),
  items: new Map(Array.from(it.items, ([itemId, stock]) => [itemId, { ...stock }])),
  buyers: new Map(it.buyers),
  adjusted: new Map(it.adjusted),
  commands: new Set(it.commands),
});

export const copyState = (state: MemoryState): MemoryState => ({
  current: state.current,
  lease: state.lease,
  generations: new Map(Array.from(state.generations, ([epoch, it]) => [epoch, copyGeneration(it)])),
});

/** One server process: it may end, and a process that follows it has another run id. */
export class MemoryServer {
  state: MemoryState;
  isRunning = true;
  readonly runId: string;
  readonly nowMs: () => number;

  constructor(runId: string, nowMs: () => number, state: MemoryState = emptyState()) {
    this.runId = runId;
    this.nowMs = nowMs;
    this.state = state;
  }

  generation(epoch: number): MemoryGeneration {
    const known = this.state.generations.get(epoch);
    if (known) return known;
    const fresh = emptyGeneration();
    this.state.generations.set(epoch, fresh);
    return fresh;
  }

  isAt(epoch: number, open: boolean): boolean {
    return this.state.current?.epoch === epoch && this.state.current.open === open;
  }
}

/** The stock store in memory: the scripts' words with the scripts' answers. */
export class MemoryStock implements StockConnector {
  server: MemoryServer;
  private starts = 1;

  constructor(nowMs: () => number) {
    this.server = new MemoryServer('run-1', nowMs);
  }

  /** The server ends and another one takes its place, with whatever state it found. */
  restart(state: MemoryState = copyState(this.server.state)): void {
    this.server.isRunning = false;
    this.replace(state);
  }

  /** Another server takes the place while the old one goes on for those who are connected to it. */
  replace(state: MemoryState): void {
    this.starts += 1;
    this.server = new MemoryServer(`run-${this.starts}`, this.server.nowMs, state);
  }

  connect(): Promise<StockConnection> {
    return Promise.resolve(new MemoryConnection(this.server));
  }
}

class MemoryConnection implements StockConnection {
  readonly closed: Promise<void>;
  private markClosed: () => void = () => undefined;
  private isClosed = false;
  private readonly server: MemoryServer;

  constructor(server: MemoryServer) {
    this.server = server;
    this.closed = new Promise((resolve) => {
      this.markClosed = resolve;
    });
  }

  disconnect(): void {
    this.isClosed = true;
    this.markClosed();
  }

  serverRunId(): Promise<string> {
    return this.run(() => this.server.runId);
  }

  current(): Promise<Current | undefined> {
    return this.run(() => this.server.state.current);
  }

  decide(
    epoch: number,
    requests: readonly DecideRequest[],
    memory: Memory,
  ): Promise<Stale | readonly Decision[]> {
    return this.whenOpen(epoch, (it, nowMs) => {
      const facts = { memory, nowMs, rememberedSinceMs: this.server.state.current?.rememberedSinceMs ?? 0 };
      return requests.map((request) => decideOne(it, request, facts));
    });
  }

  settle(epoch: number, requests: readonly SettleRequest[]): Promise<Stale | readonly Settled[]> {
    return this.whenOpen(epoch, (it, nowMs) => requests.map((request) => settleOne(it, request, nowMs)));
  }

  emitted(epoch: number, keys: readonly string[], recordTtlMs: number): Promise<Stale | 'marked'> {
    return this.whenOpen(epoch, (it, nowMs) => {
      for (const key of keys) emittedOne(it, key, nowMs + recordTtlMs);
      return 'marked' as const;
    });
  }

  adjust(epoch: number, partition: number, adjustments: readonly Adjustment[]): Promise<Stale | Adjusted> {
    return this.whenOpen(epoch, (it) => adjustAll(it, partition, adjustments));
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
    return this.whenLoading(epoch, (it) => loadItems(it, items, buyers));
  }

  loadCommandIds(epoch: number, commandIds: readonly string[]): Promise<Stale | 'loaded'> {
    return this.whenLoading(epoch, (it) => commandIds.forEach((id) => it.commands.add(id)));
  }

  loadOrders(epoch: number, orders: readonly KeptOrder[]): Promise<Stale | 'loaded'> {
    return this.whenLoading(epoch, (it) =>
      orders.forEach((kept) => loadOrder(it, kept, this.server.nowMs())),
    );
  }

  open(epoch: number, runId: string, opening: Opening): Promise<boolean> {
    return this.run(() => {
      if (!this.server.isAt(epoch, false) || this.server.state.current?.runId !== runId) return false;
      const { adjusted, startedEpochs, rememberedSinceMs } = opening;
      for (const [partition, next] of adjusted) this.server.generation(epoch).adjusted.set(partition, next);
      this.server.state.current = { epoch, open: true, runId, startedEpochs, rememberedSinceMs };
      return true;
    });
  }

  sweep(epoch: number): Promise<void> {
    return this.run(() => {
      const { generations } = this.server.state;
      for (const other of [...generations.keys()]) if (other < epoch) generations.delete(other);
    });
  }

  lease(holder: string, forMs: number): Promise<boolean> {
    return this.run(() => {
      const { lease } = this.server.state;
      if (lease && lease.holder !== holder && lease.untilMs > this.server.nowMs()) return false;
      this.server.state.lease = { holder, untilMs: this.server.nowMs() + forMs };
      return true;
    });
  }

  audit(epoch: number): Promise<Stale | readonly ItemStock[]> {
    return this.whenOpen(epoch, auditAll);
  }

  private whenOpen<T>(
    epoch: number,
    work: (generation: MemoryGeneration, nowMs: number) => T,
  ): Promise<Stale | T> {
    return this.run(() =>
      this.server.isAt(epoch, true) ? work(this.server.generation(epoch), this.server.nowMs()) : 'stale',
    );
  }

  private whenLoading(
    epoch: number,
    work: (generation: MemoryGeneration) => void,
  ): Promise<Stale | 'loaded'> {
    return this.run(() => {
      if (!this.server.isAt(epoch, false)) return 'stale';
      work(this.server.generation(epoch));
      return 'loaded';
    });
  }

  private async run<T>(work: () => T): Promise<T> {
    if (this.isClosed || !this.server.isRunning) {
      this.disconnect();
      throw new InfrastructureError('the connection to the stock store is closed');
    }
    return work();
  }
}
