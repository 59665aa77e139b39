import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { Cluster } from 'ioredis';
import { InfrastructureError } from '../../chassis/kafka/log';
import { silentLog } from '../../chassis/log';
import { connectRedisOrCluster, redisReady, type RedisClient } from '../../chassis/redis';
import type { Adjustment, Decision, Memory, Order, OrderRecord, Settled, StockConnection } from '../ports';
import { createStockConnector } from './connect-stock';
import { keysOf } from './keys';
import { MemoryStock } from './memory-stock';
import { parseRecord, recordText } from './record';

const hour = 3_600_000;

/** Asks again after a time-out, as the saga does: a busy machine does not answer 2,000 calls within a second. */
const untilAnswered = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof InfrastructureError)) throw error;
    }
  }
};
const memory: Memory = { horizonMs: 24 * hour, recordTtlMs: 48 * hour };
const keys = ['k0', 'k1', 'k2', 'k3', 'k4', 'k|5'];

type Op =
  | { readonly op: 'decide'; readonly asked: readonly Asked[] }
  | { readonly op: 'settle'; readonly asked: readonly Settling[] }
  | { readonly op: 'emitted'; readonly keys: readonly string[] }
  | { readonly op: 'adjust'; readonly partition: number; readonly adjustments: readonly Adjustment[] }
  | { readonly op: 'next-generation'; readonly ageHours: number; readonly carry: boolean }
  | { readonly op: 'dead-epoch' };

interface Asked {
  readonly key: string;
  readonly order: Omit<Order, 'key'> | undefined;
  readonly ageHours: number;
  readonly lookedUpHoursAgo: number | undefined;
  readonly stockIsCurrent: boolean;
  readonly isOffSale: boolean;
}

interface Settling {
  readonly key: string;
  readonly paid: boolean;
}

const someKey = fc.constantFrom(...keys);
const someItem = fc.constantFrom('a', 'b');
const someOrder = fc.record({
  userId: fc.constantFrom('ann', 'bob'),
  itemId: fc.constantFrom('a', 'b', 'unknown'),
  amount: fc.integer({ min: 1, max: 4 }),
});
const someAsked: fc.Arbitrary<Asked> = fc.record({
  key: someKey,
  order: fc.option(someOrder, { nil: undefined, freq: 10 }),
  ageHours: fc.constantFrom(0, 0, 0, 30),
  lookedUpHoursAgo: fc.constantFrom(undefined, 0, 30),
  stockIsCurrent: fc.boolean(),
  isOffSale: fc.boolean(),
});
const someChange: fc.Arbitrary<Adjustment['change']> = fc.oneof(
  fc.record({
    kind: fc.constant('stock' as const),
    commandId: fc.constantFrom('c0', 'c1', 'c2', 'c3'),
    itemId: someItem,
    delta: fc.integer({ min: -3, max: 6 }).filter((delta) => delta !== 0),
  }),
  fc.record({
    kind: fc.constant('limit' as const),
    commandId: fc.constantFrom('l0', 'l1', 'l2'),
    itemId: someItem,
    unitsMax: fc.option(fc.integer({ min: 0, max: 5 }), { nil: null }),
  }),
  fc.constant({ kind: 'skip' as const }),
);
const someAdjust: fc.Arbitrary<Op> = fc
  .tuple(fc.nat(1), fc.nat(6), fc.array(someChange, { minLength: 1, maxLength: 3 }))
  .map(([partition, first, changes]) => ({
    op: 'adjust',
    partition,
    adjustments: changes.map((change, index) => ({ offset: first + index, change })),
  }));
const someOps: fc.Arbitrary<readonly Op[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        op: fc.constant('decide' as const),
        asked: fc.array(someAsked, { maxLength: 5 }),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        op: fc.constant('settle' as const),
        asked: fc.array(fc.record({ key: someKey, paid: fc.boolean() }), { maxLength: 4 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        op: fc.constant('emitted' as const),
        keys: fc.array(someKey, { maxLength: 3 }),
      }),
    },
    { weight: 4, arbitrary: someAdjust },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constant('next-generation' as const),
        ageHours: fc.constantFrom(0, 0, 30),
        carry: fc.boolean(),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ op: 'dead-epoch' as const }) },
  ),
  { minLength: 5, maxLength: 30 },
);

/** Times come from two clocks: only that there is one is compared. */
const timeless = (record: OrderRecord): OrderRecord => ({ ...record, atMs: 1 });
const comparable = (answer: unknown): unknown => {
  if (!Array.isArray(answer)) return answer;
  return (answer as readonly (Decision | Settled)[]).map((one) => {
    if ('record' in one) return { ...one, record: timeless(one.record) };
    return one.kind === 'unsure' ? { kind: 'unsure' } : one;
  });
};

/** Runs the same operations on one store; what each sees is its answer and, at the end, all it holds. */
class Player {
  epoch = 0;
  private readonly known = new Map<string, Order>();
  private readonly connection: StockConnection;

  constructor(connection: StockConnection) {
    this.connection = connection;
  }

  async begin(ageHours: number, carry: boolean): Promise<unknown> {
    this.epoch += 1;
    const { connection, epoch } = this;
    const runId = await connection.serverRunId();
    const before = epoch > 1 && carry ? await connection.audit(epoch - 1) : [];
    const closed = await connection.close(epoch, runId);
    if (before !== 'stale')
      await connection.loadItems(epoch, before, [{ itemId: 'a', userId: 'ann', units: 1 }]);
    await connection.loadCommandIds(epoch, ['c0']);
    const order = { key: 'k0', userId: 'ann', itemId: 'a', amount: 1 };
    const record = { state: 'COMPLETED', atMs: 1_800_000_000_000, order, paymentId: 'p' } as const;
    if (carry) await connection.loadOrders(epoch, [{ record, keepForMs: 40 * hour }]);
    const opened = await connection.open(epoch, runId, {
      adjusted: new Map([[0, carry ? 1 : 0]]),
      startedEpochs: [{ epoch, startedAtMs: 1 }],
      rememberedSinceMs: Date.now() - ageHours * hour,
    });
    return { closed, opened };
  }

  async play(op: Op): Promise<unknown> {
    switch (op.op) {
      case 'decide':
        return this.decide(op.asked);
      case 'settle':
        return this.connection.settle(
          this.epoch,
          op.asked.flatMap((it) => this.settling(it)),
        );
      case 'emitted':
        return this.connection.emitted(this.epoch, op.keys, memory.recordTtlMs);
      case 'adjust':
        return this.connection.adjust(this.epoch, op.partition, op.adjustments);
      case 'next-generation':
        return this.begin(op.ageHours, op.carry);
      case 'dead-epoch':
        return this.connection.decide(this.epoch - 1, [], memory);
    }
  }

  async audit(): Promise<unknown> {
    const items = await this.connection.audit(this.epoch);
    const sorted = items === 'stale' ? items : [...items].sort((a, b) => a.itemId.localeCompare(b.itemId));
    return { items: sorted, adjusted: [...(await this.connection.adjusted(this.epoch))].sort() };
  }

  private decide(asked: readonly Asked[]): Promise<unknown> {
    const now = Date.now();
    const requests = asked.map((it) => {
      const order = it.order ? { key: it.key, ...it.order } : undefined;
      if (order && !this.known.has(it.key)) this.known.set(it.key, order);
      return {
        key: it.key,
        order,
        appendedAtMs: now - it.ageHours * hour,
        absentThroughMs: it.lookedUpHoursAgo === undefined ? 0 : now - it.lookedUpHoursAgo * hour,
        stockIsCurrent: it.stockIsCurrent,
        isOffSale: it.isOffSale,
      };
    });
    return this.connection.decide(this.epoch, requests, memory);
  }

  /** The saga settles with the payload that was decided; a conflicting one never gets here. */
  private settling({ key, paid }: Settling) {
    const order = this.known.get(key);
    if (!order) return [];
    const outcome = paid
      ? ({ state: 'COMPLETED', paymentId: 'pay|1' } as const)
      : ({ state: 'FAILED', reason: 'PAYMENT', detail: 'declined: a|b' } as const);
    return [{ order, outcome }];
  }
}

/**
 * @param redisUrl is asked when the tests run
 * @param runs sequences of operations that are tried
 */
export const describeScripts = (name: string, redisUrl: () => string, runs: number): void => {
  describe(`the scripts ${name} and their twin`, () => {
    let redis: RedisClient;
    beforeAll(async () => {
      redis = connectRedisOrCluster(redisUrl(), silentLog);
      await redisReady(redis, 10_000);
    }, 30_000);
    afterAll(() => redis.disconnect());

    const keysLike = async (pattern: string): Promise<readonly string[]> => {
      const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
      return (await Promise.all(nodes.map((node) => node.keys(pattern)))).flat();
    };

    const dumpRedis = async (saleId: string, epoch: number): Promise<unknown> => {
      const prefix = keysOf(saleId).generation(epoch);
      const names = await keysLike(`${prefix.replace(/[{}]/g, '\\$&')}*`);
      const orders = new Map<string, unknown>();
      const buyers = new Map<string, number>();
      for (const name of names) {
        const rest = name.slice(prefix.length);
        if (rest.startsWith('buyer:')) buyers.set(rest.slice(6), Number(await redis.get(name)));
        if (!rest.startsWith('order:')) continue;
        const key = rest.slice(6);
        const text = recordText(timeless(parseRecord(key, (await redis.get(name)) ?? '')), true);
        orders.set(key, [text, (await redis.pttl(name)) >= 0]);
      }
      return { orders: [...orders].sort(), buyers: [...buyers].filter(([, units]) => units !== 0).sort() };
    };

    const dumpTwin = (twin: MemoryStock, epoch: number): unknown => {
      const { orders, buyers } = twin.server.generation(epoch);
      return {
        orders: [...orders]
          .map(([key, kept]) => [
            key,
            [recordText(timeless(kept.record), true), kept.expiresAtMs !== undefined],
          ])
          .sort(),
        buyers: [...buyers]
          .filter(([, units]) => units !== 0)
          .map(([buyer, units]) => [buyer.replace(' ', ':'), units])
          .sort(),
      };
    };

    it('give the same answers and hold the same, whatever is asked of them', async () => {
      let answers = 0;
      await fc.assert(
        fc.asyncProperty(someOps, async (ops) => {
          const saleId = `diff-${randomUUID().slice(0, 13)}`;
          const connection = await createStockConnector(redisUrl(), saleId, silentLog, {
            recordsDetail: true,
          }).connect();
          const twin = new MemoryStock(Date.now);
          const players = [new Player(connection), new Player(await twin.connect())] as const;
          try {
            for (const op of [{ op: 'next-generation', ageHours: 0, carry: false } as const, ...ops]) {
              const [real, expected] = [await players[0].play(op), await players[1].play(op)];
              expect(comparable(real)).toEqual(comparable(expected));
              answers += 1;
            }
            expect(await players[0].audit()).toEqual(await players[1].audit());
            expect(await dumpRedis(saleId, players[0].epoch)).toEqual(dumpTwin(twin, players[1].epoch));
          } finally {
            await connection.sweep(Number.MAX_SAFE_INTEGER);
            await redis.del(keysOf(saleId).current);
            connection.disconnect();
          }
        }),
        { numRuns: runs },
      );
      expect(answers).toBeGreaterThan(runs * 5);
    });

    it('sell the last 100 units to 1,000 concurrent buyers, and not one more', async () => {
      const saleId = `rush-${randomUUID().slice(0, 8)}`;
      const connector = createStockConnector(redisUrl(), saleId, silentLog);
      const connections = await Promise.all(Array.from({ length: 8 }, () => connector.connect()));
      const [first] = connections;
      if (!first) throw new Error('no connection');
      const runId = await first.serverRunId();
      await first.close(1, runId);
      const shoe = { itemId: 'shoe', total: 100, available: 100, reserved: 0, sold: 0, unitsMax: null };
      await first.loadItems(1, [shoe], []);
      await first.open(1, runId, { adjusted: new Map(), startedEpochs: [], rememberedSinceMs: Date.now() });

      const decisions = await Promise.all(
        Array.from({ length: 1_000 }, (_, index) => {
          const order = { key: `o${index}`, userId: `u${index}`, itemId: 'shoe', amount: 1 };
          const request = {
            key: order.key,
            order,
            appendedAtMs: Date.now(),
            absentThroughMs: 0,
            stockIsCurrent: true,
            isOffSale: false,
          };
          /** Every order twice, over different connections. */
          const twice = [index, index + 3].map((at) =>
            untilAnswered(() => (connections[at % connections.length] ?? first).decide(1, [request], memory)),
          );
          return Promise.all(twice);
        }),
      );
      const states = decisions.map((twice) => {
        const both = twice.map((answer) =>
          answer !== 'stale' && answer[0]?.kind === 'decided' ? answer[0].record.state : 'undecided',
        );
        expect(both[0]).toBe(both[1]);
        return both[0];
      });
      expect(states.filter((state) => state === 'RESERVED')).toHaveLength(100);
      expect(states.filter((state) => state === 'FAILED')).toHaveLength(900);
      expect(await first.audit(1)).toEqual([{ ...shoe, available: 0, reserved: 100 }]);
      await first.sweep(Number.MAX_SAFE_INTEGER);
      await redis.del(keysOf(saleId).current);
      for (const connection of connections) connection.disconnect();
    });
  });
};
