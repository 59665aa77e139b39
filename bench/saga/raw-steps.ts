import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { createGroupConsumer } from '../../chassis/kafka/consumer';
import type { NewRecord } from '../../chassis/kafka/log';
import { partitionOf } from '../../chassis/kafka/partitioner';
import { silentLog } from '../../chassis/log';
import { connectRedis, redisReady } from '../../chassis/redis';
import { outcomeEvent } from '../../saga/order-saga';
import type { Order, StockConnection } from '../../saga/ports';
import { createStockConnector } from '../../saga/stock/connect-stock';
import { createRedisStock } from '../../saga/stock/redis-stock';
import { readScripts } from '../../saga/stock/scripts';
import { topics } from '../../schemas/topics';
import { itemOf, recordOf, requestOf, type Sale } from './backlog';
import { partitions, type BenchServers } from './servers';

/** The order in which one partition after the other hands over chunks of 500, as the saga gets them. */
const chunkMax = 500;
const memory = { horizonMs: 86_400_000, recordTtlMs: 172_800_000 };

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAtMs = performance.now();
  await work();
  return (performance.now() - startedAtMs) / 1000;
};

/** Works through the chunks, as many at once as there are partitions. */
const runInLanes = async <T>(chunks: readonly T[], work: (chunk: T) => Promise<void>): Promise<void> => {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let chunk = chunks[next++]; chunk; chunk = chunks[next++]) await work(chunk);
  };
  await Promise.all(Array.from({ length: partitions }, lane));
};

/** Reads `count` records with the saga's own consumer and does nothing with them; from the first to the last. */
export const rawConsume = async (servers: BenchServers, count: number): Promise<number> => {
  let read = 0;
  let firstAtMs = 0;
  let finish: (seconds: number) => void = () => undefined;
  const finished = new Promise<number>((resolve) => {
    finish = resolve;
  });
  const consumer = createGroupConsumer(servers.connection, {
    groupId: `raw-${randomUUID()}`,
    topics: [topics.orderRequests.name],
    recordsMax: chunkMax,
    onRecords: async (records) => {
      if (read === 0) firstAtMs = performance.now();
      read += records.length;
      if (read >= count) finish((performance.now() - firstAtMs) / 1000);
      return records.length;
    },
    onFatal: (code, reason) => {
      throw new Error(`the consumer ended with ${code}`, { cause: reason });
    },
  });
  await consumer.start();
  const took = await finished;
  await consumer.stop();
  return took;
};

const ordersOf = (sale: Sale): readonly Order[] =>
  Array.from({ length: sale.orders }, (_, index) => {
    const { request_id, user_id, item_id, amount } = requestOf(sale, index);
    return { key: request_id, userId: user_id, itemId: item_id, amount };
  });

/** Orders by partition, in chunks, taken in turns. */
const chunksOf = (sale: Sale): readonly (readonly Order[])[] => {
  const byPartition = Array.from({ length: partitions }, (): Order[] => []);
  for (const order of ordersOf(sale)) byPartition[partitionOf(order.key, partitions)]?.push(order);
  const chunks: (readonly Order[])[] = [];
  for (let from = 0; byPartition.some((orders) => orders.length > from); from += chunkMax) {
    for (const orders of byPartition)
      if (orders.length > from) chunks.push(orders.slice(from, from + chunkMax));
  }
  return chunks;
};

const paymentId = randomUUID();

/** The commands of a whole chunk: decide, settle, let expire; with their arguments ready. */
const commandsOf = async (saleId: string, sale: Sale): Promise<readonly (readonly unknown[][])[]> => {
  let captured: unknown[][] = [];
  const recorder = {
    once: () => undefined,
    call: async (_name: string, args: unknown[]) => {
      captured.push(args);
      return 'STALE';
    },
  } as unknown as Redis;
  const stock = createRedisStock(recorder, { saleId, scripts: readScripts(), recordsDetail: false });
  const all: unknown[][][] = [];
  const appendedAtMs = Date.now();
  for (const orders of chunksOf(sale)) {
    captured = [];
    const requests = orders.map((order) => ({
      key: order.key,
      order,
      appendedAtMs,
      absentThroughMs: 0,
      stockIsCurrent: false,
      isOffSale: false,
    }));
    await stock.decide(1, requests, memory);
    await stock.settle(
      1,
      orders.map((order) => ({ order, outcome: { state: 'COMPLETED', paymentId } })),
    );
    const keys = orders.map(({ key }) => key);
    await stock.emitted(1, keys, memory.recordTtlMs);
    all.push(captured);
  }
  return all;
};

const openStock = async (connection: StockConnection, sale: Sale): Promise<void> => {
  const runId = await connection.serverRunId();
  const items = Array.from({ length: sale.items }, (_, index) => ({
    itemId: itemOf(sale, index),
    total: sale.orders,
    available: sale.orders,
    reserved: 0,
    sold: 0,
    unitsMax: null,
  }));
  await connection.close(1, runId);
  await connection.loadItems(1, items, []);
  await connection.open(1, runId, {
    adjusted: new Map(),
    startedEpochs: [],
    rememberedSinceMs: Date.now(),
  });
};

const evaluate = async (redis: Redis, commands: readonly unknown[][]): Promise<void> => {
  for (const args of commands) {
    const reply: unknown = await redis.call('EVALSHA', args as string[]);
    if (reply === 'STALE') throw new Error('the raw scripts were refused');
  }
};

/** Sends the saga's three scripts for all orders, as many chunks at once as there are partitions. */
export const rawScripts = async (servers: BenchServers, sale: Sale): Promise<number> => {
  const saleId = `raw-${randomUUID()}`;
  const connection = await createStockConnector(servers.redis.url, saleId, silentLog).connect();
  await openStock(connection, sale);
  connection.disconnect();
  const redis = connectRedis(servers.redis.url, silentLog);
  try {
    await redisReady(redis, 3_000);
    for (const { text } of readScripts().values()) await redis.script('LOAD', text);
    const chunks = await commandsOf(saleId, sale);
    return await seconds(() => runInLanes(chunks, (commands) => evaluate(redis, commands)));
  } finally {
    redis.disconnect();
  }
};

export const rawTopic = 'bench-raw';

/** Writes the outcomes of all orders, made beforehand, to a topic of their own with the same settings. */
export const rawProduce = async (servers: BenchServers, sale: Sale): Promise<number> => {
  const atMs = Date.now();
  const chunks = chunksOf(sale).map((orders) =>
    orders.map((order): NewRecord => {
      const event = outcomeEvent({ state: 'COMPLETED', atMs, order, paymentId }, 1);
      return { ...recordOf(servers.codec, topics.orderOutcomes.name, event), topic: rawTopic };
    }),
  );
  return seconds(() =>
    runInLanes(chunks, async (records) => {
      const outcomes = await servers.producer.sendAll(records);
      if (outcomes.some(({ kind }) => kind !== 'acked')) throw new Error('a record was not acknowledged');
    }),
  );
};
