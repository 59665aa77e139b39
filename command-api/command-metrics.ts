import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { ProblemError } from '../chassis/http/problem';
import type { BreakerState } from './circuit-breaker';
import { unavailabilities, type Submitted } from './command-path';

/** The predecessor's numbers, kept: its dashboards and alerts read them. */
const breakerStateNumber: Readonly<Record<BreakerState, number>> = { closed: 0, open: 1, 'half-open': 2 };

/** Around what a buyer feels: 5 ms is an idle system, 60 ms the goal at 128 connections, 3 s the deadline. */
const durationBuckets = [0.002, 0.005, 0.01, 0.02, 0.03, 0.045, 0.06, 0.1, 0.25, 0.5, 1, 2, 3, 5];

/** Why an order was answered 503, or 500 for `internal`: nothing was wrong with the request. */
export const failureReasons = [...unavailabilities, 'identity-unavailable', 'internal'] as const;
export type FailureReason = (typeof failureReasons)[number];

export interface CommandMetrics {
  readonly received: Counter;
  readonly accepted: Counter;
  readonly replayed: Counter;
  readonly failed: Counter<'reason'>;
  readonly validationFailed: Counter;
  readonly duplicates: Counter;
  readonly payloadMismatches: Counter;
  readonly inFlightRepeats: Counter;
  readonly rateLimited: Counter;
  readonly notOnSale: Counter;
  readonly unauthorized: Counter;
  readonly adminCommands: Counter<'command' | 'outcome'>;
  readonly admittedWithoutRedis: Counter;
  readonly durationSeconds: Histogram;
}

export interface Gauges {
  readonly breakerState: () => BreakerState;
  readonly inFlight: () => number;
  readonly logQueue: () => number;
}

const counter = (registers: [Registry], name: string, help: string): Counter =>
  new Counter({ name: `command_api_${name}_total`, help, registers });

/** Every metric of this service. Counters of orders count HTTP requests to /commands/buy, one outcome each. */
export const createCommandMetrics = (registry: Registry): CommandMetrics => {
  const registers: [Registry] = [registry];
  const metrics: CommandMetrics = {
    received: counter(
      registers,
      'orders_received',
      'Requests to buy that arrived whole, or were refused for their headers',
    ),
    accepted: counter(registers, 'orders_accepted', 'Orders acknowledged by the log and answered 202'),
    replayed: counter(registers, 'orders_replayed', 'Repeats answered with the first 202'),
    failed: new Counter({
      name: 'command_api_orders_failed_total',
      help: 'Orders answered 503, or 500 for internal, by why',
      labelNames: ['reason'],
      registers,
    }),
    validationFailed: counter(registers, 'orders_validation_failed', 'Requests refused as 400, 413 or 415'),
    duplicates: counter(registers, 'orders_duplicate', 'Repeats of an accepted order, answered 409'),
    payloadMismatches: counter(registers, 'orders_payload_mismatch', 'Ids used again with another body'),
    inFlightRepeats: counter(registers, 'orders_in_flight', 'Repeats of an order without an answer yet'),
    rateLimited: counter(registers, 'orders_rate_limited', 'Orders over their user’s limit, answered 429'),
    notOnSale: counter(registers, 'orders_not_on_sale', 'Orders of an item not on sale, answered 425 or 410'),
    unauthorized: counter(registers, 'orders_unauthorized', 'Requests refused as 401 or 403'),
    adminCommands: new Counter({
      name: 'command_api_admin_commands_total',
      help: 'Operators’ commands, by what became of them',
      labelNames: ['command', 'outcome'],
      registers,
    }),
    admittedWithoutRedis: counter(
      registers,
      'admitted_without_redis',
      'Commands let in by the in-process limiter because Redis was away',
    ),
    durationSeconds: new Histogram({
      name: 'command_api_request_duration_seconds',
      help: 'From the last byte of a request to buy to its answer',
      buckets: durationBuckets,
      registers,
    }),
  };
  // A rate over a series that appears with its first failure misses that failure.
  for (const reason of failureReasons) metrics.failed.inc({ reason }, 0);
  return metrics;
};

/** Carries out an operator's command; what it throws is counted as well: `unavailable` for a 5xx, `refused` for less. */
export const countThrown = async <T>(
  metrics: Pick<CommandMetrics, 'adminCommands'>,
  command: string,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const isRefused = error instanceof ProblemError && error.problem.status < 500;
    metrics.adminCommands.inc({ command, outcome: isRefused ? 'refused' : 'unavailable' });
    throw error;
  }
};

/** Values that are read when somebody asks, and cost nothing in between. */
export const createCommandGauges = (registry: Registry, gauges: Gauges): void => {
  const registers = [registry];
  new Gauge({
    name: 'command_api_circuit_breaker_state',
    help: '0 closed, 1 open, 2 half-open',
    // Of several workers, the one that sees trouble.
    aggregator: 'max',
    registers,
    collect() {
      this.set(breakerStateNumber[gauges.breakerState()]);
    },
  });
  new Gauge({
    name: 'command_api_in_flight_commands',
    help: 'Commands between validation and answer',
    registers,
    collect() {
      this.set(gauges.inFlight());
    },
  });
  new Gauge({
    name: 'command_api_log_queue_records',
    help: 'Records that wait for the log or are on their way to it',
    registers,
    collect() {
      this.set(gauges.logQueue());
    },
  });
};

/** The counter of one request's outcome. */
const counterOf = (
  metrics: CommandMetrics,
  kind: Exclude<Submitted['kind'], 'unavailable'>,
  asksForReplay: boolean,
): Counter => {
  switch (kind) {
    case 'appended':
      return metrics.accepted;
    case 'accepted':
      return asksForReplay ? metrics.replayed : metrics.duplicates;
    case 'in-flight':
      return metrics.inFlightRepeats;
    case 'mismatch':
      return metrics.payloadMismatches;
    case 'limited':
      return metrics.rateLimited;
    case 'refused':
      return metrics.notOnSale;
  }
};

/** One request to buy, one outcome. */
export const countOutcome = (metrics: CommandMetrics, submitted: Submitted, asksForReplay: boolean): void => {
  if (submitted.kind === 'unavailable') metrics.failed.inc({ reason: submitted.reason });
  else counterOf(metrics, submitted.kind, asksForReplay).inc();
};
