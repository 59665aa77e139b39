import type { HealthReport } from '../chassis/health';
import { most, sum } from '../chassis/metric-samples';
import { topics } from '../schemas/topics';
import type { Behind } from './lag-monitor';
import type { OtherProcess, ProcessWatch } from './watch-processes';

/** A process as the console shows it. */
export interface ConsoleProcess {
  readonly name: OtherProcess | 'query-api';
  /** `silent`: it does not answer; `unknown`: its address is not set, or it was not asked yet. */
  readonly state: 'up' | 'degraded' | 'down' | 'silent' | 'unknown';
  readonly dependencies: Readonly<Record<string, { readonly status: string; readonly detail?: string }>>;
}

/** What waits between two processes. */
export interface ConsoleLag {
  readonly events: number;
  /** Age of the oldest of them. */
  readonly ms: number;
}

export interface ConsolePipeline {
  /** In the order of an order's way. */
  readonly processes: readonly ConsoleProcess[];
  /** Of command-api: `closed`, `open` or `half-open`; null: nobody knows. */
  readonly circuit_breaker: string | null;
  /** What the saga and the orders view have not done yet; null: nobody knows. */
  readonly lag: { readonly saga: ConsoleLag | null; readonly view: ConsoleLag | null };
}

export interface PipelineSources {
  readonly processes: ProcessWatch;
  readonly health: () => HealthReport;
  /** How far the orders view is behind the outcomes. */
  readonly outcomesBehind: () => Behind | null;
}

const others: readonly OtherProcess[] = ['command-api', 'saga', 'projector'];
const requests = { topic: topics.orderRequests.name };

/** By its own metrics, of the partitions it has. */
const sagaLag = (processes: ProcessWatch): ConsoleLag | null => {
  const samples = processes.look('saga')?.samples ?? [];
  const events = sum(samples, 'saga_lag_records', requests);
  const seconds = most(samples, 'saga_lag_seconds', requests);
  return events === undefined || seconds === undefined ? null : { events, ms: Math.round(seconds * 1000) };
};

const viewLag = (behind: Behind | null): ConsoleLag | null =>
  behind && { events: behind.events, ms: Math.round(behind.lagMs) };

const toProcess = (name: OtherProcess, processes: ProcessWatch): ConsoleProcess => {
  const look = processes.look(name);
  return { name, state: look?.state ?? 'unknown', dependencies: look?.dependencies ?? {} };
};

export const takePipeline = ({ processes, health, outcomesBehind }: PipelineSources): ConsolePipeline => {
  const { status, dependencies } = health();
  return {
    processes: [
      ...others.map((name) => toProcess(name, processes)),
      { name: 'query-api', state: status, dependencies },
    ],
    circuit_breaker: processes.look('command-api')?.circuitBreaker ?? null,
    lag: { saga: sagaLag(processes), view: viewLag(outcomesBehind()) },
  };
};
