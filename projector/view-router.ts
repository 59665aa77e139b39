import type { Pool } from 'pg';
import type { GroupConsumer, LogRecord } from '../chassis/kafka/log';
import { noTracing, type Tracing } from '../chassis/tracing';
import type { EventCodec } from '../schemas/codec';
import { announceBatch } from './announce';
import type { Fact, Projection } from './batch';
import { createDeadLettersProjection } from './dead-letters-projection';
import { createItemsProjection } from './items-projection';
import { createOrdersProjection } from './orders-projection';
import { traced } from './trace-batch';
import type { ProjectorMetrics } from './projector-metrics';
import type { ReportUndecodable } from './read-records';
import type { WriterStep } from './view-transaction';
import { createViewWriter, type ViewWriter } from './view-writer';

/**
 * Of one partition at a time; what a rebalance may leave unfinished. A transaction takes what many partitions have
 * waiting, so it is not smaller for this: with 2,000, sixteen partitions had 32,000 records waiting, and on a machine
 * that folded 2,000 a second the last partition in the queue was taken for stuck after 15 s.
 */
export const projectorRecordsMax = 500;
/** Of one transaction: measured, larger ones add nothing. */
const transactionRecordsMax = 6_000;

export interface ViewRouterOptions {
  readonly pool: Pool;
  readonly codec: EventCodec;
  readonly metrics: ProjectorMetrics;
  readonly report: ReportUndecodable;
  readonly tracing?: Tracing;
  readonly atStep?: (step: WriterStep) => Promise<void> | void;
}

/** The live views, each written by its own transactions, so that trouble with one does not hold back the others. */
export interface ViewRouter {
  /** Folds records of one partition into the view of their topic; resolves with how many are done, which is all. */
  write(records: readonly LogRecord[]): Promise<number>;
  next(topic: string, partition: number): Promise<number>;
  watch(consumer: Pick<GroupConsumer, 'lag'>): void;
}

export const createViewRouter = (options: ViewRouterOptions): ViewRouter => {
  const { pool, codec, metrics, report, tracing = noTracing, atStep } = options;
  const writerOf = <F extends Fact>(projection: Projection<F>): [readonly string[], ViewWriter] => [
    projection.topics,
    createViewWriter({
      pool,
      projection,
      schema: 'views',
      recordsMax: transactionRecordsMax,
      announce: announceBatch(projection.view),
      onWritten: (batch) => metrics.written(projection.view, batch),
      ...(atStep ? { atStep } : {}),
    }),
  ];
  const writers = new Map<string, ViewWriter>();
  for (const [topics, writer] of [
    writerOf(createOrdersProjection(codec, report)),
    writerOf(createItemsProjection(codec, report)),
    writerOf(createDeadLettersProjection(codec, report)),
  ]) {
    for (const topic of topics) writers.set(topic, writer);
  }
  const writerFor = (topic: string): ViewWriter => {
    const writer = writers.get(topic);
    if (writer === undefined) throw new TypeError(`no view is made of ${topic}`);
    return writer;
  };
  return {
    write: async (records) => {
      const [first] = records;
      if (first === undefined) return 0;
      await traced(tracing, records, () => writerFor(first.topic).write(records));
      return records.length;
    },
    next: (topic, partition) => writerFor(topic).next(topic, partition),
    watch: (consumer) => metrics.watch(consumer),
  };
};
