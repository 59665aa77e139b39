import type { RequestHandler } from 'express';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface QueryGauges {
  readonly waiters: () => number;
  readonly streams: () => number;
  readonly isListening: () => boolean;
  readonly lags: () => readonly {
    readonly topic: string;
    readonly partition: number;
    readonly lagMs: number;
  }[];
}

export interface QueryMetrics {
  /** `route` is a pattern, never a path: labels must stay few. */
  observe(route: string, status: number, milliseconds: number): void;
  watch(gauges: QueryGauges): void;
}

const classOf = (status: number): string => `${Math.floor(status / 100)}xx`;

const watchGauges = (registry: Registry, gauges: QueryGauges): void => {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  gauge('query_api_waiters', 'Requests that wait for an order', gauges.waiters);
  gauge('query_api_streams', 'Event streams open', gauges.streams);
  gauge('query_api_feed_listening', '1 while the projector is heard through PostgreSQL', () =>
    gauges.isListening() ? 1 : 0,
  );
  new Gauge({
    name: 'query_api_view_lag_seconds',
    help: 'How long the orders view has been behind a partition of the log',
    labelNames: ['topic', 'partition'],
    registers: [registry],
    collect() {
      // What is not known any more must not stand there as it was.
      this.reset();
      for (const { topic, partition, lagMs } of gauges.lags()) this.set({ topic, partition }, lagMs / 1000);
    },
  });
};

export const createQueryMetrics = (registry: Registry): QueryMetrics => {
  const seconds = new Histogram({
    name: 'query_api_request_seconds',
    help: 'Time to answer; routes with ?wait hold on purpose',
    labelNames: ['route'],
    buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30],
    registers: [registry],
  });
  const requests = new Counter({
    name: 'query_api_requests_total',
    help: 'Requests answered',
    labelNames: ['route', 'status'],
    registers: [registry],
  });
  return {
    observe: (route, status, milliseconds) => {
      seconds.observe({ route }, milliseconds / 1000);
      requests.inc({ route, status: classOf(status) });
    },
    watch: (gauges) => watchGauges(registry, gauges),
  };
};

/** Times what express answers, by the pattern of the route that took the request. */
export const observeRoutes =
  (metrics: Pick<QueryMetrics, 'observe'>): RequestHandler =>
  (request, response, next) => {
    const startedAtMs = performance.now();
    response.on('close', () => {
      const route = (request.route as { readonly path?: unknown } | undefined)?.path;
      const label = typeof route === 'string' ? route : 'other';
      metrics.observe(label, response.statusCode, performance.now() - startedAtMs);
    });
    next();
  };
