import { most, stateOf, sum } from '../../chassis/metric-samples';
import { lookAtProcess, type ProcessLook } from '../../chassis/process-look';
import type { Api } from '../api';
import type { Addresses } from '../settings';

export interface ProcessStatus {
  readonly name: string;
  readonly url: string;
  readonly state: ProcessLook['state'];
  /** Dependencies that do not answer it. */
  readonly missing: readonly string[];
  readonly up_for_ms: number | undefined;
}

/** What is not known is absent: no process told it. */
export interface StatusFigures {
  readonly breaker?: string | undefined;
  readonly stock_store?: string | undefined;
  readonly epoch?: number | undefined;
  readonly saga_lag_records?: number | undefined;
  readonly saga_lag_seconds?: number | undefined;
  readonly view_lag_seconds?: number | undefined;
  readonly overdue_orders?: number | undefined;
  readonly oversold_units?: number | undefined;
  readonly dead_letters?: number | undefined;
  readonly payments_in_flight?: number | undefined;
}

export interface Status {
  readonly is_well: boolean;
  readonly processes: readonly ProcessStatus[];
  readonly figures: StatusFigures;
}

interface Look extends ProcessLook {
  readonly process: ProcessStatus;
}

const names: Readonly<Record<keyof Addresses, string>> = {
  commandApi: 'command-api',
  saga: 'saga',
  projector: 'projector',
  queryApi: 'query-api',
};

const timeoutMs = 5_000;

const look = async (api: Api, to: keyof Addresses, url: string): Promise<Look> => {
  const found = await lookAtProcess(async (path) => (await api.call(to, path, { timeoutMs })).body);
  const startedAtSeconds = most(found.samples, 'process_start_time_seconds');
  const dependencies = Object.entries(found.dependencies);
  const process = {
    name: names[to],
    url,
    state: found.state,
    missing: dependencies.filter(([, { status }]) => status !== 'up').map(([dependency]) => dependency),
    up_for_ms: startedAtSeconds === undefined ? undefined : Math.max(0, Date.now() - startedAtSeconds * 1000),
  };
  return { ...found, process };
};

/** Asks every process for its health and its metrics. Never rejects: a process that is silent is told as such. */
export const readStatus = async (api: Api, addresses: Addresses): Promise<Status> => {
  const ask = (to: keyof Addresses): Promise<Look> => look(api, to, addresses[to]);
  const [commands, saga, projector, queries] = await Promise.all([
    ask('commandApi'),
    ask('saga'),
    ask('projector'),
    ask('queryApi'),
  ]);
  const processes = [commands, saga, projector, queries].map(({ process }) => process);
  return {
    is_well: processes.every(({ state }) => state === 'up' || state === 'degraded'),
    processes,
    figures: {
      breaker: commands.circuitBreaker,
      stock_store: stateOf(saga.samples, 'saga_gate_state', 'state'),
      epoch: most(saga.samples, 'saga_epoch'),
      saga_lag_records: sum(saga.samples, 'saga_lag_records'),
      saga_lag_seconds: most(saga.samples, 'saga_lag_seconds'),
      view_lag_seconds: most(queries.samples, 'query_api_view_lag_seconds'),
      overdue_orders: most(queries.samples, 'query_api_overdue_orders'),
      oversold_units: most(queries.samples, 'query_api_oversold_units'),
      dead_letters: most(queries.samples, 'query_api_dead_letters'),
      payments_in_flight: most(saga.samples, 'saga_payments_in_flight'),
    },
  };
};
