import { readSamples, type Sample } from './metric-samples';

/** What a process of ours says of itself. */
export interface ProcessLook {
  /** `silent`: it does not answer, so nothing is known of it. */
  readonly state: 'up' | 'degraded' | 'down' | 'silent';
  readonly dependencies: Readonly<Record<string, { readonly status: string; readonly detail?: string }>>;
  /** Of the process that has one. */
  readonly circuitBreaker: string | undefined;
  readonly samples: readonly Sample[];
}

/** Gives the body of an answer of the process, whatever its status: an object for JSON, else text. */
export type Ask = (path: '/health' | '/metrics') => Promise<unknown>;

interface Health {
  readonly status?: 'up' | 'degraded' | 'down';
  readonly dependencies?: ProcessLook['dependencies'];
  readonly circuit_breaker_state?: string;
}

const silent: ProcessLook = { state: 'silent', dependencies: {}, circuitBreaker: undefined, samples: [] };

/** Asks a process for its health and its metrics. Never rejects. */
export const lookAtProcess = async (ask: Ask): Promise<ProcessLook> => {
  try {
    const [body, page] = await Promise.all([ask('/health'), ask('/metrics')]);
    const health = (typeof body === 'object' && body !== null ? body : {}) as Health;
    return {
      state: health.status ?? 'down',
      dependencies: health.dependencies ?? {},
      circuitBreaker: health.circuit_breaker_state,
      samples: readSamples(String(page)),
    };
  } catch {
    return silent;
  }
};
