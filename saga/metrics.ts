import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { PartitionLag } from '../chassis/kafka/log';
import { failureReasons } from '../schemas/events';
import { topics } from '../schemas/topics';
import type { GateState } from './gate';
import type { Progress } from './load-generation';
import { burialReasons } from './intake';
import type { Observe } from './observe';
import type { IndexProgress } from './outcome-index';

export interface SagaGauges {
  readonly lag: () => readonly PartitionLag[];
  readonly gateState: () => GateState;
  readonly epoch: () => number | undefined;
  readonly paymentsInFlight: () => number;
  readonly outcomeIndex: () => IndexProgress;
}

export interface SagaMetrics {
  readonly observe: Observe;
  readonly onProgress: (progress: Progress) => void;
  readonly rebuilt: () => void;
  readonly rested: (milliseconds: number) => void;
}

/** From one script call on an idle machine to the payment budget. */
const stepBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const gateStates: readonly GateState[] = ['connecting', 'rebuilding', 'waiting', 'open', 'stopped'];

/** rate() does not see a counter that is born with its first record, so each label begins at 0. */
const countTrouble = (registers: [Registry]): Pick<Observe, 'buried' | 'unwritten'> => {
  const buried = new Counter({
    name: 'saga_dead_letters_total',
    help: 'Records put into the dead-letter topic, by reason',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of burialReasons) buried.inc({ reason }, 0);
  const unwritten = new Counter({
    name: 'saga_unwritten_records_total',
    help: 'Records that the log did not acknowledge, by topic and reason; what they say is written again',
    labelNames: ['topic', 'reason'],
    registers,
  });
  for (const { name: topic } of [topics.orderOutcomes, topics.orderDlq, topics.paymentRetries]) {
    for (const reason of ['rejected', 'unknown']) unwritten.inc({ topic, reason }, 0);
  }
  unwritten.inc({ topic: topics.orderOutcomes.name, reason: 'unencodable' }, 0);
  return {
    buried: (reason) => buried.inc({ reason }),
    unwritten: (topic, reason) => unwritten.inc({ topic, reason }),
  };
};

/** From one payment budget to the time after which an order is refused instead of being decided anew. */
const orderAgeBuckets = [10, 60, 600, 3_600, 6 * 3_600, 24 * 3_600];

const timePayments = (registers: [Registry]): Pick<Observe, 'paymentUnknown'> => {
  const age = new Histogram({
    name: 'saga_unknown_payment_age_seconds',
    help: 'Age of an order whenever its payment stays unknown past its budget',
    buckets: orderAgeBuckets,
    registers,
  });
  return { paymentUnknown: (orderAgeMs) => age.observe(Math.max(0, orderAgeMs) / 1000) };
};

const createObserve = (registers: [Registry]): Observe => {
  const outcomes = new Counter({
    name: 'saga_outcomes_total',
    help: 'Orders whose outcome is in the log, by status',
    labelNames: ['status'],
    registers,
  });
  for (const status of ['COMPLETED', ...failureReasons.map((reason) => `FAILED_${reason}`)])
    outcomes.inc({ status }, 0);
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
  const voided = counter(
    'saga_void_events_total',
    'Outcomes written too late for their epoch, decided again',
  );
  const postponed = counter('saga_payments_postponed_total', 'Orders moved to payment-retries');
  const records = counter('saga_records_total', 'Records handed to the saga');
  const redone = counter('saga_records_redone_total', 'Records that were not done and are handed over again');
  const chunkSeconds = new Histogram({
    name: 'saga_chunk_seconds',
    help: 'Time from a chunk of requests to their outcomes',
    buckets: stepBuckets,
    registers,
  });
  const stepSeconds = new Histogram({
    name: 'saga_step_seconds',
    help: 'Time of one step for a whole chunk; of charge and cancel for one payment, repeats included',
    labelNames: ['step'],
    buckets: stepBuckets,
    registers,
  });
  return {
    emitted: (event) =>
      outcomes.inc({ status: event.type === 'OrderCompleted' ? 'COMPLETED' : `FAILED_${event.reason}` }),
    voided: (count) => voided.inc(count),
    ...countTrouble(registers),
    ...timePayments(registers),
    postponed: (orders) => postponed.inc(orders),
    chunk: (handed, done, durationMs) => {
      records.inc(handed);
      redone.inc(handed - done);
      chunkSeconds.observe(durationMs / 1000);
    },
    step: (step, durationMs) => stepSeconds.observe({ step }, durationMs / 1000),
  };
};

/** A gauge of what is asked at each scrape. */
const told = (registers: [Registry], name: string, help: string, read: () => number): void => {
  const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(read()) });
};

const createGauges = (registers: [Registry], gauges: SagaGauges): void => {
  const lagLabels = ['topic', 'partition'] as const;
  const lagRecords = new Gauge({
    name: 'saga_lag_records',
    help: 'Records not yet done, of the partitions this process has',
    labelNames: lagLabels,
    registers,
    collect: () => {
      lagRecords.reset();
      for (const { topic, partition, records } of gauges.lag()) lagRecords.set({ topic, partition }, records);
    },
  });
  const lagSeconds = new Gauge({
    name: 'saga_lag_seconds',
    help: 'Age of the oldest record not yet done, of the partitions this process has',
    labelNames: lagLabels,
    registers,
    collect: () => {
      lagSeconds.reset();
      for (const { topic, partition, milliseconds } of gauges.lag()) {
        lagSeconds.set({ topic, partition }, milliseconds / 1000);
      }
    },
  });
  const gate = new Gauge({
    name: 'saga_gate_state',
    help: '1 for the state the gate to the stock store is in',
    labelNames: ['state'],
    registers,
    collect: () => {
      for (const state of gateStates) gate.set({ state }, gauges.gateState() === state ? 1 : 0);
    },
  });
  told(
    registers,
    'saga_epoch',
    'Generation of the stock store in use; -1 while it is closed',
    () => gauges.epoch() ?? -1,
  );
  told(
    registers,
    'saga_payments_in_flight',
    'Calls to the payment provider under way',
    gauges.paymentsInFlight,
  );
};

const createIndexGauges = (registers: [Registry], gauges: SagaGauges): void => {
  told(
    registers,
    'saga_outcome_index_read_records',
    'Outcomes whose places this process knows, for orders that Redis may have forgotten; 0 while none is needed',
    () => gauges.outcomeIndex().read,
  );
  told(
    registers,
    'saga_outcome_index_bytes',
    'Memory of these places, beside the heap',
    () => gauges.outcomeIndex().bytes,
  );
  told(
    registers,
    'saga_outcome_index_total_records',
    'Outcomes that the log had when this process last began to read where they are',
    () => gauges.outcomeIndex().total,
  );
};

/** Every metric of the saga. */
export const createSagaMetrics = (registry: Registry, gauges: SagaGauges): SagaMetrics => {
  const registers: [Registry] = [registry];
  createGauges(registers, gauges);
  createIndexGauges(registers, gauges);
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers });
  const read = gauge('saga_reconcile_read_records', 'Outcomes folded by the rebuild that runs, or ran last');
  const total = gauge('saga_reconcile_total_records', 'Outcomes that the rebuild has to fold');
  const voids = gauge('saga_reconcile_void_events', 'Void outcomes met by the last rebuild');
  const unresolved = gauge(
    'saga_reconcile_unresolved_voids',
    'Orders with nothing but void outcomes at the last rebuild; they are decided again',
  );
  const rebuilds = new Counter({
    name: 'saga_reconciles_total',
    help: 'Generations of the stock store that this process has opened',
    registers,
  });
  const rested = new Counter({
    name: 'saga_stepped_back_seconds_total',
    help: 'Time rested in bursts, so that accepting came first (STEP_BACK_UP_TO)',
    registers,
  });
  return {
    observe: createObserve(registers),
    rested: (milliseconds) => rested.inc(milliseconds / 1000),
    rebuilt: () => rebuilds.inc(),
    onProgress: (progress) => {
      read.set(progress.read);
      total.set(progress.total);
      voids.set(progress.voidEvents);
      unresolved.set(progress.unresolvedVoids);
    },
  };
};
