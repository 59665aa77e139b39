import { MemoryLog } from '../../chassis/kafka/memory-log';
import type { LogRecord } from '../../chassis/kafka/log';
import { createMetrics } from '../../chassis/metrics';
import { stalledAfterMs } from '../../migrations/rebuilds/stalled';
import { viewsToday } from '../../migrations/views/today';
import type { ViewShape } from '../../migrations/views/view-shape';
import { createOrdersProjection } from '../../projector/orders-projection';
import { createProjectorMetrics } from '../../projector/projector-metrics';
import { ViewRebuild, type RebuildCommands } from '../../projector/rebuild/commands';
import { createViewRouter } from '../../projector/view-router';
import { topicSettings } from '../../schemas/topic-settings';
import { createDatabase, type TestDatabase } from '../support/database';
import { testCodec, WrittenLog } from './written-log';

export interface Faults {
  readonly reader?: ReturnType<MemoryLog['reader']>;
  readonly low?: number;
  /** Before the admin tells where a topic begins and ends. */
  readonly beforeRanges?: () => Promise<void>;
  readonly signal?: AbortSignal;
  readonly stalledAfterMs?: number;
  readonly clock?: () => number;
  readonly shape?: ViewShape;
}

/** A log in memory, an orders view made of it, and rebuilds of that. */
export interface OrdersWorld {
  readonly database: TestDatabase;
  readonly log: MemoryLog;
  readonly rebuildOf: (faults?: Faults) => RebuildCommands;
  /** Appends `count` orders, two thirds of them decided. */
  readonly append: (count: number, from?: number) => Promise<void>;
  /** Folds what the live view has not folded yet, as the projector does. */
  readonly foldLive: () => Promise<void>;
}

const nothing = async (): Promise<void> => undefined;

const recordsOf = (count: number, from: number): readonly LogRecord[] => {
  const scratch = new WrittenLog();
  const records: LogRecord[] = [];
  for (let index = from; index < from + count; index += 1) {
    const id = `order-${index}`;
    const order = { request_id: id, user_id: 'ann', item_id: `item-${index % 3}`, amount: 2 };
    const requested = {
      type: 'OrderRequested',
      ...order,
      requested_at: 1_000 + index,
      sales_channel: null,
    } as const;
    records.push(scratch.event('order-requests', index % 2, requested, id));
    if (index % 3 === 0) continue;
    const sold = {
      type: 'OrderCompleted',
      ...order,
      epoch: 0,
      payment_id: 'p',
      completed_at: 2_000,
    } as const;
    records.push(scratch.event('order-outcomes', index % 2, sold, id));
  }
  return records;
};

export const createOrdersWorld = async (): Promise<OrdersWorld> => {
  const database = await createDatabase();
  const log = new MemoryLog();
  await log.admin().createTopics(topicSettings(2), 1);
  const router = createViewRouter({
    pool: database.pool,
    codec: testCodec,
    metrics: createProjectorMetrics(createMetrics('test', '0')),
    report: nothing,
  });
  return {
    database,
    log,
    rebuildOf: (faults = {}) =>
      new ViewRebuild({
        pool: database.pool,
        reader: faults.reader ?? log.reader(),
        admin: {
          ranges: async (topic) => {
            await faults.beforeRanges?.();
            return (await log.admin().ranges(topic)).map((range) => ({
              ...range,
              low: faults.low ?? range.low,
            }));
          },
        },
        projection: {
          ...createOrdersProjection(testCodec, nothing),
          version: (faults.shape ?? viewsToday.orders).version,
        },
        shape: faults.shape ?? viewsToday.orders,
        onProgress: () => undefined,
        say: () => undefined,
        signal: faults.signal ?? new AbortController().signal,
        clock: faults.clock ?? Date.now,
        stalledAfterMs: faults.stalledAfterMs ?? stalledAfterMs,
      }),
    append: async (count, from = 0) => {
      const outcomes = await log.producer().sendAll(recordsOf(count, from));
      if (outcomes.some(({ kind }) => kind !== 'acked')) throw new Error('not appended');
    },
    foldLive: async () => {
      for (const topic of ['order-requests', 'order-outcomes']) {
        for (const [partition, records] of log.partitions(topic).entries()) {
          await router.write(records.slice(await router.next(topic, partition)));
        }
      }
    },
  };
};
