import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { GroupConsumer, PartitionLag } from '../chassis/kafka/log';
import type { ViewName } from '../migrations/views/view-shape';
import { poisonReasons } from '../schemas/codec';
import { topics, type TopicName } from '../schemas/topics';
import type { Undecodable } from './read-records';
import type { WrittenBatch } from './view-writer';

export interface ProjectorMetrics {
  written(view: ViewName, batch: WrittenBatch): void;
  undecodable(found: Undecodable): void;
  rested(milliseconds: number): void;
  /** Gauges of lag are read from the consumer when they are scraped. */
  watch(consumer: Pick<GroupConsumer, 'lag'>): void;
}

const lagGauges = (registry: Registry, consumer: Pick<GroupConsumer, 'lag'>): void => {
  const gauge = (name: string, help: string, valueOf: (lag: PartitionLag) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ['topic', 'partition'],
      registers: [registry],
      collect() {
        this.reset();
        for (const lag of consumer.lag()) {
          this.set({ topic: lag.topic, partition: lag.partition }, valueOf(lag));
        }
      },
    });
  };
  gauge(
    'projector_lag_events',
    'Events appended to the log and not yet in the view',
    ({ records }) => records,
  );
  gauge(
    'projector_lag_seconds',
    'Age of the oldest event not yet in the view',
    ({ milliseconds }) => milliseconds / 1000,
  );
};

/** The topics of each view whose records are decoded; a dead letter is kept as it is. */
const views: readonly { readonly view: ViewName; readonly topics: readonly TopicName[] }[] = [
  { view: 'orders', topics: [topics.orderRequests.name, topics.orderOutcomes.name] },
  { view: 'items', topics: [topics.stockAdjustments.name] },
  { view: 'dead-letters', topics: [topics.deadLetterCommands.name] },
];

export const createProjectorMetrics = (registry: Registry): ProjectorMetrics => {
  const registers = [registry];
  const events = new Counter({
    name: 'projector_events_total',
    help: 'Events folded into a view',
    labelNames: ['view'],
    registers,
  });
  const setAside = new Counter({
    name: 'projector_events_set_aside_total',
    help: 'Events that changed nothing: copies of earlier ones, and outcomes that the fence made void',
    labelNames: ['view'],
    registers,
  });
  const undecodable = new Counter({
    name: 'projector_undecodable_total',
    help: 'Records that could not be decoded',
    labelNames: ['topic', 'reason'],
    registers,
  });
  const size = new Histogram({
    name: 'projector_batch_events',
    help: 'Events of one transaction',
    labelNames: ['view'],
    buckets: [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000],
    registers,
  });
  const seconds = new Histogram({
    name: 'projector_batch_seconds',
    help: 'Time to fold and commit one transaction',
    labelNames: ['view'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
    registers,
  });
  const rested = new Counter({
    name: 'projector_stepped_back_seconds_total',
    help: 'Time rested in bursts, so that accepting came first (STEP_BACK_UP_TO)',
    registers,
  });
  // rate() does not see a counter that is born with its first event.
  for (const { view, topics: read } of views) {
    setAside.inc({ view }, 0);
    for (const topic of read) for (const reason of poisonReasons) undecodable.inc({ topic, reason }, 0);
  }
  return {
    written: (view, batch) => {
      events.inc({ view }, batch.records);
      setAside.inc({ view }, batch.written.setAside);
      size.observe({ view }, batch.records);
      seconds.observe({ view }, batch.seconds);
    },
    rested: (milliseconds) => rested.inc(milliseconds / 1000),
    undecodable: ({ record, reason }) => undecodable.inc({ topic: record.topic, reason }),
    watch: (consumer) => lagGauges(registry, consumer),
  };
};
