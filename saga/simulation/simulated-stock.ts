import { InfrastructureError } from '../../chassis/kafka/log';
import type { StockConnection, StockConnector } from '../ports';
import {
  copyState,
  emptyState,
  MemoryStock,
  type MemoryServer,
  type MemoryState,
} from '../stock/memory-stock';
import type { Random } from './random';
import type { RulesOff } from './rules-off';
import type { Actor, World } from './world';

const snapshotsMax = 6;
/** How long a server that lost a failover still answers those who are connected to it. */
const splitMaxMs = 4_000;

/** The stock store's servers and what can happen to them. */
export class SimulatedStock {
  readonly memory: MemoryStock;
  /** Nothing rests on the lease. Where everybody is given it, rebuilds overtake each other, which it makes rare. */
  readonly leasesToAll: boolean;
  private snapshots: MemoryState[] = [emptyState()];
  private readonly old: { readonly server: MemoryServer; readonly endsAtMs: number }[] = [];
  private readonly world: World;
  private readonly random: Random;

  constructor(world: World, random: Random) {
    this.world = world;
    this.random = random;
    this.memory = new MemoryStock(() => world.nowMs);
    this.leasesToAll = random.chance(1 / 3);
  }

  noteWrite(): void {
    this.snapshots.push(copyState(this.memory.server.state));
    if (this.snapshots.length > snapshotsMax) this.snapshots.shift();
  }

  /** A restart: everything lost, its tail lost, or nothing lost. */
  crash(): void {
    const chance = this.random.next();
    if (chance < 0.3) this.memory.restart(emptyState());
    else if (chance < 0.75) this.memory.restart(this.olderState());
    else this.memory.restart();
    this.snapshots = [copyState(this.memory.server.state)];
  }

  /** FLUSHALL: the same process, emptied. */
  flush(): void {
    this.memory.server.state = emptyState();
    this.snapshots = [emptyState()];
  }

  /** Another server with an older copy takes the place, and the old one does not know it yet. */
  failOver(): void {
    const endsAtMs = this.world.nowMs + this.random.integer(splitMaxMs);
    this.old.push({ server: this.memory.server, endsAtMs });
    this.memory.replace(this.olderState());
    this.snapshots = [copyState(this.memory.server.state)];
  }

  endOldServers(all: boolean): void {
    for (const { server, endsAtMs } of this.old) {
      if (all || endsAtMs <= this.world.nowMs) server.isRunning = false;
    }
  }

  private olderState(): MemoryState {
    return copyState(this.random.pick(this.snapshots) ?? emptyState());
  }
}

export interface StockFaults {
  isOn(): boolean;
  readonly random: Random;
  /** Chance of a crash right after a command. */
  readonly crashChance: number;
}

/** The words that change the store, after which it may crash or its answer may get lost. */
const writes = new Set<string | symbol>([
  'decide',
  'settle',
  'emitted',
  'adjust',
  'close',
  'loadItems',
  'loadCommandIds',
  'loadOrders',
  'open',
  'sweep',
  'lease',
]);
const plain = new Set<string | symbol>(['closed', 'disconnect', 'then']);

/** One process' way to the store: a turn before each command, lost answers and crashes after it. */
export const connectSimulatedStock = (
  stock: SimulatedStock,
  world: World,
  actor: Actor,
  options: { readonly faults: StockFaults; readonly rulesOff: RulesOff },
): StockConnector => {
  const { faults, rulesOff } = options;
  const command = async (name: string | symbol, run: () => Promise<unknown>): Promise<unknown> => {
    await world.turn(actor);
    const answer = await run();
    if (!writes.has(name)) return answer;
    stock.noteWrite();
    if (!faults.isOn()) return answer;
    if (faults.random.chance(faults.crashChance)) stock.crash();
    if (faults.random.chance(0.03)) throw new InfrastructureError('the answer of the stock store was lost');
    return answer;
  };
  return {
    connect: async () => {
      await world.turn(actor);
      const { server } = stock.memory;
      const connection = rulesOff.stockConnection(await stock.memory.connect(), {
        stock: stock.memory,
        server,
      });
      return new Proxy(connection, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name);
          if (plain.has(name) || typeof member !== 'function') return member;
          if (name === 'lease' && stock.leasesToAll) return () => command(name, () => Promise.resolve(true));
          return (...args: unknown[]) =>
            command(name, () => Reflect.apply(member, target, args) as Promise<unknown>);
        },
      }) satisfies StockConnection;
    },
  };
};
